using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Results;
using RabbitMQ.Client;

namespace PartsWorker.Bench.Ceilings;

/// <summary>
/// The rates of this machine's broker and database for a client that does nothing else: it consumes with grouped acknowledgements, and
/// stores with the worker's own statement.
/// </summary>
internal sealed class ServiceCeilings(BenchWorld world, IReadOnlyList<string> images, TimeProvider time)
{
    private const ushort Prefetch = 512;
    private const int AckEvery = 64;
    private const int RowsPerTransaction = 256;
    private const int Transactions = 2;

    /// <summary>Consumes the given number of waiting messages from the live queue.</summary>
    public Task<Rate> ConsumeAsync(int messages, CancellationToken cancellation) => ConsumeAsync(world.Rabbit, messages, cancellation);

    /// <summary>The same over another connection to the broker.</summary>
    public async Task<Rate> ConsumeAsync(RabbitSettings rabbit, int messages, CancellationToken cancellation)
    {
        var factory = RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection);
        await using var connection = await RabbitConnections.ConnectAsync(factory, cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellation);
        var consumer = new Counter(channel, messages);
        var (cpu, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await channel.BasicConsumeAsync(world.Topology.LiveQueue, autoAck: false, consumer, cancellation);
        await consumer.Done.WaitAsync(cancellation);
        return RateOf(messages, started, cpu);
    }

    /// <summary>Stores rows for the given time.</summary>
    public Task<Rate> UpsertAsync(TimeSpan length, CancellationToken cancellation) =>
        UpsertAsync(world.Source, length, RowsPerTransaction, cancellation);

    /// <summary>The same into another database, with another number of rows per transaction.</summary>
    public async Task<Rate> UpsertAsync(NpgsqlDataSource source, TimeSpan length, int rows, CancellationToken cancellation)
    {
        var writer = new ResultWriter(source, new ResultsOptions(), time, NullLogger<ResultWriter>.Instance);
        await writer.WriteAsync(Rows(rows), cancellation);
        var (cpu, started, stored) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Transactions).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < length)
            {
                await writer.WriteAsync(Rows(rows), cancellation);
                Interlocked.Add(ref stored, rows);
            }
        }, cancellation)));
        return RateOf(stored, started, cpu);
    }

    private static Rate RateOf(long images, long started, TimeSpan cpu) => new(
        images / Stopwatch.GetElapsedTime(started).TotalSeconds,
        (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / images);

    private ResultRow[] Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => BenchRows.Create(images[i % images.Count], time.GetUtcNow()))];

    private sealed class Counter(IChannel channel, int messages) : AsyncDefaultBasicConsumer(channel)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _seen;

        public Task Done => _done.Task;

        public override async Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            _seen++;
            if (_seen % AckEvery == 0 || _seen == messages)
            {
                await Channel.BasicAckAsync(deliveryTag, multiple: true, CancellationToken.None);
            }

            if (_seen == messages)
            {
                _done.TrySetResult();
            }
        }
    }
}
