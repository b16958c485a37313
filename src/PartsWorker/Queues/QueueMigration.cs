using PartsWorker.Client;
using PartsWorker.Terminal;
using RabbitMQ.Client;

namespace PartsWorker.Queues;

/// <summary>
/// Gives a queue the arguments that the worker needs, without losing a message: a queue beside it takes new and old messages, the queue is
/// deleted and declared anew, and everything moves back. Every step can be repeated, so after a crash the same command continues.
/// </summary>
/// <param name="connection">A connection of a user who may configure.</param>
/// <param name="topology">What is needed.</param>
/// <param name="report">Receives one line per step.</param>
/// <param name="advance">Receives the number of messages moved since the last call.</param>
internal sealed class QueueMigration(IConnection connection, PartsTopology topology, Action<string> report, Action<long> advance)
{
    // The broker counts a consumer for a moment after it has gone, also the one of this command.
    private const int Attempts = 15;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly QueueInspection _inspection = new(connection, topology);

    /// <summary>Migrates what differs and creates what is missing.</summary>
    /// <returns>Number of queues and exchanges that were changed.</returns>
    /// <exception cref="UserErrorException">A queue has consumers, or the broker refused a message.</exception>
    public async Task<int> RunAsync(bool despiteConsumers, CancellationToken cancellationToken)
    {
        var changed = 0;
        foreach (var exchange in topology.Exchanges.Append(topology.Results))
        {
            changed += await ReplaceAsync(exchange, cancellationToken) ? 1 : 0;
        }

        foreach (var queue in topology.Queues)
        {
            changed += await MigrateAsync(queue, despiteConsumers, cancellationToken) ? 1 : 0;
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await topology.DeclareAsync(channel, cancellationToken);
        // Workers without the right to declare may publish results too.
        await topology.DeclareResultsAsync(channel, cancellationToken);
        return changed;
    }

    // An exchange holds no messages; publishers with confirms repeat what arrives between the two steps.
    private async Task<bool> ReplaceAsync(NeededExchange exchange, CancellationToken cancellationToken)
    {
        if ((await _inspection.OfExchangeAsync(exchange, cancellationToken)).State != QueueState.Differs)
        {
            return false;
        }

        report($"{exchange.Name}: replacing the exchange by one of type {exchange.Type}");
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeleteAsync(exchange.Name, cancellationToken: cancellationToken);
        await PartsTopology.DeclareAsync(channel, exchange, cancellationToken);
        foreach (var queue in topology.Queues.Where(queue => queue.Exchange == exchange.Name))
        {
            if (await _inspection.FindAsync(queue.Name, cancellationToken) is not null)
            {
                await channel.QueueBindAsync(queue.Name, exchange.Name, queue.BindingKey, cancellationToken: cancellationToken);
            }
        }

        return true;
    }

    private async Task<bool> MigrateAsync(NeededQueue queue, bool despiteConsumers, CancellationToken cancellationToken)
    {
        var beside = Beside(queue);
        var finding = await _inspection.OfQueueAsync(queue, cancellationToken);
        var interrupted = await _inspection.FindAsync(beside.Name, cancellationToken) is not null;
        if (finding.State != QueueState.Differs && !interrupted)
        {
            return false;
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(
            beside.Exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        if (finding.State == QueueState.Differs)
        {
            await MoveAwayAsync(channel, queue, beside, finding, despiteConsumers, cancellationToken);
        }

        await MoveBackAsync(channel, queue, beside, cancellationToken);
        return true;
    }

    private async Task MoveAwayAsync(
        IChannel channel, NeededQueue queue, NeededQueue beside, QueueFinding finding, bool despiteConsumers, CancellationToken stop)
    {
        await RequireNoConsumersAsync(queue.Name, despiteConsumers, stop);
        report($"{queue.Name}: moving {finding.Messages:N0} messages to {beside.Name}");
        await PartsTopology.DeclareAsync(channel, beside, stop);
        await channel.QueueBindAsync(beside.Name, beside.Exchange, "", cancellationToken: stop);
        // New messages must reach one of the two at every moment; a message that reaches both is stored once.
        await channel.QueueBindAsync(beside.Name, queue.Exchange, queue.BindingKey, cancellationToken: stop);
        await channel.QueueUnbindAsync(queue.Name, queue.Exchange, queue.BindingKey, cancellationToken: stop);
        await EmptyAsync(queue.Name, beside.Exchange, despiteConsumers, stop);
        await channel.QueueDeleteAsync(queue.Name, ifUnused: false, ifEmpty: false, cancellationToken: stop);
    }

    private async Task MoveBackAsync(IChannel channel, NeededQueue queue, NeededQueue beside, CancellationToken stop)
    {
        await PartsTopology.DeclareAsync(channel, queue, stop);
        await channel.QueueBindAsync(queue.Name, queue.Exchange, queue.BindingKey, cancellationToken: stop);
        await channel.QueueUnbindAsync(beside.Name, queue.Exchange, queue.BindingKey, cancellationToken: stop);
        await channel.QueueUnbindAsync(beside.Name, beside.Exchange, "", cancellationToken: stop);
        await channel.QueueBindAsync(queue.Name, beside.Exchange, "", cancellationToken: stop);
        report($"{queue.Name}: declared anew; moving {await channel.MessageCountAsync(beside.Name, stop):N0} messages back");
        await EmptyAsync(beside.Name, beside.Exchange, despiteConsumers: false, stop);
        await channel.ExchangeDeleteAsync(beside.Exchange, cancellationToken: stop);
        await channel.QueueDeleteAsync(beside.Name, ifUnused: false, ifEmpty: false, cancellationToken: stop);
        report($"{queue.Name}: done");
    }

    // What a consumer held is back in the queue at the moment at which the consumer is gone, so only then an empty queue is empty.
    private async Task EmptyAsync(string queue, string exchange, bool despiteConsumers, CancellationToken stop)
    {
        do
        {
            await new MessageMove(connection, advance).RunAsync(queue, exchange, stop);
            await RequireNoConsumersAsync(queue, despiteConsumers, stop);
        }
        while (await _inspection.CountAsync(queue, stop) is { MessageCount: > 0 });
    }

    private async Task RequireNoConsumersAsync(string queue, bool despiteConsumers, CancellationToken stop)
    {
        for (var attempt = 1; !despiteConsumers && await _inspection.CountAsync(queue, stop) is { ConsumerCount: > 0 } found; attempt++)
        {
            if (attempt == Attempts)
            {
                throw new UserErrorException(
                    $"{queue} has {Counted.Of(found.ConsumerCount, "consumer")}, whose unfinished messages would be lost: stop the workers "
                    + "and dead-letters commands, or give --despite-consumers",
                    exitCode: 1);
            }

            await Task.Delay(Pause, stop);
        }
    }

    // It takes every message of the queue and gives all of them back, also after this command was stopped several times.
    private static NeededQueue Beside(NeededQueue queue)
    {
        var name = $"{queue.Name}.moving";
        return new NeededQueue(name, name, "", new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 1_000_000_000 });
    }
}
