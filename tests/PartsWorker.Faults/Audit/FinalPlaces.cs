using Npgsql;
using PartsWorker.Client;
using PartsWorker.Harness.Load;
using RabbitMQ.Client;

namespace PartsWorker.Faults.Audit;

/// <summary>Reads where messages have ended: rows and dead letters, directly from the services and not through the proxies.</summary>
internal sealed class FinalPlaces(string rabbitMq, string postgres)
{
    private readonly PartsTopology _topology = new();

    /// <summary>Number of stored rows; null if the database does not answer.</summary>
    public async Task<int?> CountRowsAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(postgres);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT count(*)::int FROM classifications", connection) { CommandTimeout = 10 };
            return (int?)await command.ExecuteScalarAsync();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>How many rows each image has.</summary>
    public async Task<Dictionary<Guid, int>> RowsAsync()
    {
        var rows = new Dictionary<Guid, int>();
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT image_id, count(*)::int FROM classifications GROUP BY image_id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows[reader.GetGuid(0)] = reader.GetInt32(1);
        }

        return rows;
    }

    /// <summary>Ready messages in the lanes and retry queues, and in the dead-letter queue; null if the broker does not answer.</summary>
    public async Task<(int Waiting, int Dead)?> CountReadyAsync()
    {
        try
        {
            await using var connection = await ConnectAsync();
            await using var channel = await connection.CreateChannelAsync();
            var waiting = 0;
            string[] lanes = [_topology.LiveQueue, _topology.ReprocessQueue];
            foreach (var queue in lanes.Concat(_topology.RetrySteps.Select(step => step.Name)))
            {
                waiting += (int)await channel.MessageCountAsync(queue);
            }

            return (waiting, (int)await channel.MessageCountAsync(_topology.DeadQueue));
        }
        catch (Exception error) when (error is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Messages in the live lane, and how many of them have been delivered before. They stay in the queue.</summary>
    public async Task<(int Waiting, int Redelivered)> WaitingAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var (waiting, redelivered) = (0, 0);
        while (await channel.BasicGetAsync(_topology.LiveQueue, autoAck: false) is { } message)
        {
            waiting++;
            redelivered += message.Redelivered ? 1 : 0;
        }

        return (waiting, redelivered);
    }

    /// <summary>Every dead letter: its bench id and its reasons, one for each copy. They stay in the queue.</summary>
    public async Task<Dictionary<Guid, List<string>>> DeadLettersAsync()
    {
        var dead = new Dictionary<Guid, List<string>>();
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        while (await channel.BasicGetAsync(_topology.DeadQueue, autoAck: false) is { } letter)
        {
            var text = Text(letter, RawMessage.IdHeader) ?? letter.BasicProperties.MessageId;
            var id = Guid.TryParse(text, out var parsed) ? parsed : Guid.Empty;
            if (!dead.TryGetValue(id, out var reasons))
            {
                dead[id] = reasons = [];
            }

            reasons.Add(Text(letter, PartsHeaders.Reason) ?? "(no reason)");
        }

        return dead;
    }

    private static string? Text(BasicGetResult letter, string header) =>
        letter.BasicProperties.Headers?.TryGetValue(header, out var value) == true && value is byte[] bytes
            ? System.Text.Encoding.UTF8.GetString(bytes)
            : null;

    private Task<IConnection> ConnectAsync()
    {
        var factory = RabbitConnections.Factory(rabbitMq, clientName: "fault bench auditor");
        return factory.CreateConnectionAsync();
    }
}
