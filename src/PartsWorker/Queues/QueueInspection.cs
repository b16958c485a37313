using PartsWorker.Client;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Queues;

/// <summary>
/// Compares the queues and exchanges of the broker with what the worker needs, by declaring what exists: the broker then names the first
/// argument that differs. It creates nothing. A refusal closes a channel, so each question has its own.
/// </summary>
internal sealed class QueueInspection(IConnection connection, PartsTopology topology)
{
    public async Task<List<QueueFinding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<QueueFinding>();
        foreach (var exchange in topology.Exchanges)
        {
            findings.Add(await OfExchangeAsync(exchange, cancellationToken));
        }

        foreach (var queue in topology.Queues)
        {
            findings.Add(await OfQueueAsync(queue, cancellationToken));
        }

        // Only workers that publish results need it.
        var results = await OfExchangeAsync(topology.Results, cancellationToken);
        return results.State == QueueState.Missing ? findings : [.. findings, results];
    }

    public async Task<QueueFinding> OfQueueAsync(NeededQueue queue, CancellationToken cancellationToken)
    {
        var found = await FindAsync(queue.Name, cancellationToken);
        var (state, detail) = found is null
            ? (QueueState.Missing, "")
            : await CompareAsync(channel => PartsTopology.DeclareAsync(channel, queue, cancellationToken), cancellationToken);
        return new QueueFinding("queue", queue.Name, state, detail, found?.MessageCount ?? 0, found?.ConsumerCount ?? 0);
    }

    public async Task<QueueFinding> OfExchangeAsync(NeededExchange exchange, CancellationToken cancellationToken)
    {
        var exists = await AskAsync(
            async channel =>
            {
                await channel.ExchangeDeclarePassiveAsync(exchange.Name, cancellationToken);
                return exchange;
            },
            cancellationToken) is not null;
        var (state, detail) = exists
            ? await CompareAsync(channel => PartsTopology.DeclareAsync(channel, exchange, cancellationToken), cancellationToken)
            : (QueueState.Missing, "");
        return new QueueFinding("exchange", exchange.Name, state, detail, 0, 0);
    }

    /// <returns>Null when there is no such queue.</returns>
    public Task<QueueDeclareOk?> FindAsync(string queue, CancellationToken cancellationToken) =>
        AskAsync(channel => channel.QueueDeclarePassiveAsync(queue, cancellationToken), cancellationToken);

    /// <summary>Like <see cref="FindAsync"/>, but an empty queue without consumers has said so several times.</summary>
    public Task<QueueDeclareOk?> CountAsync(string queue, CancellationToken cancellationToken) =>
        AskAsync(channel => QueueCount.ReadAsync(channel, queue, cancellationToken), cancellationToken);

    private async Task<T?> AskAsync<T>(Func<IChannel, Task<T>> question, CancellationToken cancellationToken)
        where T : class
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await question(channel);
        }
        catch (OperationInterruptedException error) when (DeclareRefusals.IsMissing(error))
        {
            return null;
        }
    }

    private async Task<(QueueState State, string Detail)> CompareAsync(Func<IChannel, Task> declare, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await declare(channel);
            return (QueueState.Right, "");
        }
        catch (RabbitConnectionException refused)
        {
            return (refused.IsConflict ? QueueState.Differs : QueueState.NotCompared, refused.Message);
        }
    }
}
