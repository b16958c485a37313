using System.Text;
using Npgsql;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Results;

/// <summary>
/// Publishes results to the exchange <c>parts.results</c> over its own connection: persistent, confirmed, a whole batch at a time and in
/// the order in which the images were taken. The broker drops an event that no queue is bound for.
/// </summary>
internal sealed class ResultEvents(StoredResults stored, SessionKeeper sessions, PartsTopology topology, TimeProvider time)
    : IResultEvents, IAsyncDisposable
{
    // The longest text of a property in AMQP 0-9-1.
    private const int LongestId = 255;

    /// <summary>Connects when the first event is due, which without <see cref="ResultsOptions.Publish"/> is never.</summary>
    public static ResultEvents Create(string? connectionString, RabbitOptions rabbit, StoredResults stored, TimeProvider time)
    {
        var options = new PublisherOptions
        {
            ConnectionString = connectionString ?? "",
            Connection = rabbit.Connection,
            ClientName = "partsworker results",
            Prefix = rabbit.Prefix,
            Declare = rabbit.Declare,
            ConfirmTimeout = rabbit.BrokerTimeout,
            Time = time,
        };
        var topology = new PartsTopology(rabbit.Prefix);
        return new ResultEvents(stored, new SessionKeeper(options, topology.DeclareResultsAsync), topology, time);
    }

    public async Task PublishAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            var results = await stored.FindAsync(rows, cancellationToken);
            var session = await sessions.GetAsync(cancellationToken);
            await session.AnswerAsync(Task.WhenAll(results.Select(result => SendAsync(session, result)))).WaitAsync(cancellationToken);
        }
        catch (PublishException error)
        {
            throw new ResultEventsException(
                $"the broker refused events: is a queue that is bound to '{topology.ResultsExchange}' full?", error);
        }
        catch (Exception error) when (error is SessionLostException or RabbitConnectionException)
        {
            throw new ResultEventsException(error.Message, error);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            throw new ResultEventsException($"stored results cannot be read: {PostgresFaults.Describe(error)}", error);
        }
    }

    public ValueTask DisposeAsync() => sessions.DisposeAsync();

    private Task SendAsync(BrokerSession session, ClassificationResult result)
    {
        var message = ClassificationResultCodec.Encode(result);
        var properties = new BasicProperties
        {
            Persistent = true,
            MessageId = Encoding.UTF8.GetByteCount(result.EventId) <= LongestId ? result.EventId : null,
            Type = ClassificationResultCodec.EventType,
            ContentType = message.ContentType,
            Timestamp = new AmqpTimestamp(time.GetUtcNow().ToUnixTimeSeconds()),
            AppId = "partsworker",
        };
        var key = PartsTopology.ResultKey(result.Line, result.Camera, result.Decision);
        return session.SendAsync(topology.ResultsExchange, key, mandatory: false, properties, message.Body);
    }
}
