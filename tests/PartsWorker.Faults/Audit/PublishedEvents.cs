using Npgsql;
using PartsWorker.Client;
using RabbitMQ.Client;

namespace PartsWorker.Faults.Audit;

/// <summary>A durable queue of all result events of a run, read directly from the services and not through the proxies.</summary>
internal sealed class PublishedEvents(string rabbitMq, string postgres)
{
    public const string Queue = "parts.results.audit";

    private readonly PartsTopology _topology = new();

    /// <summary>Declares the queue: every event from now on reaches it, and it drops none.</summary>
    public async Task SubscribeAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await _topology.DeclareResultsAsync(channel);
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, arguments);
        await channel.QueueBindAsync(Queue, _topology.ResultsExchange, "result.#");
    }

    public async Task<EventReport> AuditAsync() => EventReport.Compare(await RowsAsync(), await EventsAsync());

    private async Task<List<EventOfRow>> EventsAsync()
    {
        var events = new List<EventOfRow>();
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        while (await channel.BasicGetAsync(Queue, autoAck: true) is { } message)
        {
            var result = ClassificationResultCodec.Decode(message.Body);
            events.Add(new(result.ImageId, result.Model, result.Class, result.Decision));
        }

        return events;
    }

    private async Task<List<StoredRow>> RowsAsync()
    {
        var rows = new List<StoredRow>();
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        const string Rows = "SELECT image_id, model, class, decision, lane, shadow FROM classifications";
        await using var command = new NpgsqlCommand(Rows, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3),
                reader.GetString(4), reader.GetBoolean(5)));
        }

        return rows;
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory
    {
        Uri = new Uri(rabbitMq),
        AutomaticRecoveryEnabled = false,
        ClientProvidedName = "fault bench event auditor",
    }.CreateConnectionAsync();
}
