using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Queues;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Status;

/// <summary>Asks the broker for its queues; declares nothing and takes no message.</summary>
internal static class BrokerCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <returns>Address and version, and the queues that exist; those that do not are named as problems.</returns>
    public static async Task<(string Broker, List<QueueStatus> Queues)> AskAsync(
        RabbitSettings rabbit, Action<string> problem, CancellationToken cancellation)
    {
        var factory = RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection, "partsworker status");
        await using var connection = await RabbitConnections.ConnectAsync(factory, cancellation);
        var topology = new PartsTopology(rabbit.Prefix);
        string[] names =
            [topology.LiveQueue, topology.ReprocessQueue, .. topology.RetrySteps.Select(step => step.Name), topology.DeadQueue];
        List<QueueStatus> queues = [];
        List<string> missing = [];
        foreach (var name in names)
        {
            try
            {
                // A question about a queue that does not exist closes its channel.
                await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
                var asking = name == topology.LiveQueue
                    ? QueueCount.ReadAsync(channel, name, cancellation)
                    : channel.QueueDeclarePassiveAsync(name, cancellation);
                var queue = await asking.WaitAsync(Limit, cancellation);
                queues.Add(new QueueStatus(name, queue.MessageCount, queue.ConsumerCount, OldestSeconds: null));
            }
            catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                missing.Add(name);
            }
            catch (OperationInterruptedException refused)
            {
                problem($"queue {name}: {refused.ShutdownReason?.ReplyText ?? refused.Message}");
            }
        }

        if (missing.Count > 0)
        {
            problem($"missing queues: {string.Join(", ", missing)}; a worker or publisher declares them when it connects");
        }

        if (queues.Find(queue => queue.Queue == topology.LiveQueue) is { Consumers: 0 } live)
        {
            problem($"no worker consumes {live.Queue}; {live.Waiting} wait");
        }

        return ($"{connection.Endpoint.HostName}:{connection.Endpoint.Port}, RabbitMQ {Version(connection)}", queues);
    }

    private static string Version(IConnection connection) =>
        HeaderReader.Text(connection.ServerProperties, "version") ?? "of unknown version";
}
