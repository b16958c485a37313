using PartsWorker.Client;
using PartsWorker.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Results;

/// <summary>
/// The binding that hands results to MQTT: RabbitMQ's plugin serves what arrives at the exchange <c>amq.topic</c>, with the words of the
/// routing key as levels of the topic.
/// </summary>
internal static class MqttBinding
{
    private const string MqttExchange = "amq.topic";
    private const string AllResults = "result.#";

    public static Task AddAsync(RabbitSettings settings, CancellationToken cancellation) => ChangeAsync(
        settings, (channel, from) => channel.ExchangeBindAsync(MqttExchange, from, AllResults, null, false, cancellation), cancellation);

    public static Task RemoveAsync(RabbitSettings settings, CancellationToken cancellation) => ChangeAsync(
        settings, (channel, from) => channel.ExchangeUnbindAsync(MqttExchange, from, AllResults, null, false, cancellation), cancellation);

    private static async Task ChangeAsync(RabbitSettings settings, Func<IChannel, string, Task> change, CancellationToken cancellation)
    {
        var topology = new PartsTopology(settings.Prefix);
        var factory = RabbitConnections.Factory(settings.ConnectionString, settings.Connection, "partsworker results");
        await using var connection = await RabbitConnections.ConnectAsync(factory, cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            if (settings.Declare)
            {
                await topology.DeclareResultsAsync(channel, cancellation);
            }

            await change(channel, topology.ResultsExchange);
        }
        catch (OperationInterruptedException error)
        {
            throw new UserErrorException(
                $"RabbitMQ refused the binding: {error.ShutdownReason?.ReplyText ?? error.Message}", exitCode: 1, error);
        }
    }
}
