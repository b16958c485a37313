using System.Threading.Channels;
using PartsWorker.Client;
using PartsWorker.Harness.Network;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Publishing;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Results;

public sealed class ResultSubscriberTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<ClassificationResult> _handled = Channel.CreateUnbounded<ClassificationResult>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _notices = [];
    private Broker _broker = null!;

    private string Queue => $"{_broker.Topology.Exchange}.mine";

    public async Task InitializeAsync()
    {
        _broker = await Broker.ConnectAsync();
        await _broker.Topology.DeclareResultsAsync(_broker.Channel);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _broker.Channel.QueueDeleteAsync(Queue);
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task A_filter_lets_only_its_results_through()
    {
        await using var subscriber = await ConnectAsync(line: "A", decision: "unknown");
        var running = subscriber.RunAsync(Handle, _stop.Token);

        await PublishAsync("B", className: null);
        await PublishAsync("A", className: "washer");
        var wanted = await PublishAsync("A", className: null);

        Assert.Equal(wanted, (await NextAsync()).ImageId);
        await _stop.CancelAsync();
        await running.WaitAsync(Patience);
        Assert.False(_handled.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_durable_queue_keeps_results_while_no_subscriber_is_connected()
    {
        await (await ConnectAsync(queue: Queue)).DisposeAsync();
        var ids = new[] { await PublishAsync("A", "washer"), await PublishAsync("A", "nut") };

        await using var subscriber = await ConnectAsync(queue: Queue);
        _ = subscriber.RunAsync(Handle, _stop.Token);

        Assert.Equal(ids, new[] { (await NextAsync()).ImageId, (await NextAsync()).ImageId });
    }

    [Fact]
    public async Task The_exception_of_a_handler_ends_the_run_and_its_result_arrives_again()
    {
        var subscriber = await ConnectAsync(queue: Queue);
        var id = await PublishAsync("A", "washer");
        var running = subscriber.RunAsync((_, _) => throw new InvalidDataException("the gateway is away"), _stop.Token);
        await Assert.ThrowsAsync<InvalidDataException>(() => running.WaitAsync(Patience));
        await subscriber.DisposeAsync();

        await using var next = await ConnectAsync(queue: Queue);
        _ = next.RunAsync(Handle, _stop.Token);

        Assert.Equal(id, (await NextAsync()).ImageId);
    }

    [Fact]
    public async Task A_result_whose_handling_failed_more_often_than_the_brokers_own_limit_still_arrives()
    {
        // RabbitMQ 4 drops a message after 20 deliveries unless the queue has a limit of its own.
        const int Failures = 25;
        var id = Guid.Empty;
        for (var i = 0; i < Failures; i++)
        {
            await using var failing = await ConnectAsync(queue: Queue);
            id = i == 0 ? await PublishAsync("A", "washer") : id;
            var running = failing.RunAsync((_, _) => throw new InvalidDataException("the gateway is away"), _stop.Token);
            await Assert.ThrowsAsync<InvalidDataException>(() => running.WaitAsync(Patience));
        }

        await using var next = await ConnectAsync(queue: Queue);
        _ = next.RunAsync(Handle, _stop.Token);

        Assert.Equal(id, (await NextAsync()).ImageId);
    }

    [Fact]
    public async Task A_result_is_acknowledged_when_its_handler_has_ended_and_not_before()
    {
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using (var subscriber = await ConnectAsync(queue: Queue))
        {
            await PublishAsync("A", "washer");
            _ = subscriber.RunAsync(
                async (_, _) =>
                {
                    begun.TrySetResult();
                    await end.Task;
                },
                _stop.Token);
            await begun.Task.WaitAsync(Patience);
        }

        // Without an acknowledgement the closed connection returns it to the queue.
        await _broker.WaitForAsync(Queue, 1);
        end.SetResult();
    }

    [Fact]
    public async Task A_disposed_subscriber_ends_its_run_instead_of_connecting_again()
    {
        var subscriber = await ConnectAsync(queue: Queue);
        var running = subscriber.RunAsync(Handle, CancellationToken.None);
        var first = await PublishAsync("A", "washer");
        Assert.Equal(first, (await NextAsync()).ImageId);

        await subscriber.DisposeAsync();

        await running.WaitAsync(Patience);
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task A_cut_connection_is_replaced_and_nothing_is_missed()
    {
        await using var proxy = new Proxy(RunningServices.RabbitMqPort);
        await using var subscriber = await ConnectAsync(queue: Queue, address: RunningServices.RabbitMqThrough(proxy.Port));
        _ = subscriber.RunAsync(Handle, _stop.Token);
        var first = await PublishAsync("A", "washer");
        Assert.Equal(first, (await NextAsync()).ImageId);

        proxy.TakeAway();
        var second = await PublishAsync("A", "nut");
        proxy.Mode = ProxyMode.Forward;

        ClassificationResult next;
        do
        {
            // The first may arrive again if its acknowledgement was lost.
            next = await NextAsync();
        }
        while (next.ImageId == first);
        Assert.Equal(second, next.ImageId);
        Assert.Contains(_notices, line => line.Contains("the connection to RabbitMQ was lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_broker_sends_no_more_than_the_prefetch_ahead()
    {
        await using var subscriber = await ConnectAsync(queue: Queue, prefetch: 3);
        for (var i = 0; i < 10; i++)
        {
            await PublishAsync("A", "washer");
        }

        _ = subscriber.RunAsync((_, ct) => Task.Delay(Timeout.Infinite, ct), _stop.Token);
        await _broker.WaitForAsync(Queue, 7);

        await Task.Delay(300);
        Assert.Equal(7U, await _broker.Channel.MessageCountAsync(Queue));
    }

    [Fact]
    public async Task A_message_that_is_not_a_result_is_reported_and_skipped()
    {
        await using var subscriber = await ConnectAsync(queue: Queue);
        await _broker.Channel.BasicPublishAsync(_broker.Topology.ResultsExchange, "result.A.cam-3.accepted", "{}"u8.ToArray());
        var id = await PublishAsync("A", "washer");
        _ = subscriber.RunAsync(Handle, _stop.Token);

        Assert.Equal(id, (await NextAsync()).ImageId);
        Assert.Contains(_notices, line => line.StartsWith("skipped a message that is not a result: type:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_queue_is_declared_again()
    {
        await using var subscriber = await ConnectAsync(queue: Queue);
        _ = subscriber.RunAsync(Handle, _stop.Token);

        await _broker.Channel.QueueDeleteAsync(Queue);
        await Task.Delay(1500);
        var id = await PublishAsync("A", "washer");

        Assert.Equal(id, (await NextAsync()).ImageId);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_one_line()
    {
        var options = new SubscriberOptions { ConnectionString = "amqp://127.0.0.1:1/" };

        var error = await Assert.ThrowsAsync<RabbitConnectionException>(() => ResultSubscriber.ConnectAsync(options));

        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
    }

    private Task<ResultSubscriber> ConnectAsync(
        string? line = null, string? decision = null, string? queue = null, string? address = null, int prefetch = 100) =>
        ResultSubscriber.ConnectAsync(new SubscriberOptions
        {
            ConnectionString = address ?? RunningServices.RabbitMq,
            Prefix = _broker.Topology.Exchange,
            Line = line,
            Decision = decision,
            Queue = queue,
            Prefetch = prefetch,
            Notice = line =>
            {
                lock (_notices)
                {
                    _notices.Add(line);
                }
            },
        });

    private Task Handle(ClassificationResult result, CancellationToken cancellation) =>
        _handled.Writer.WriteAsync(result, cancellation).AsTask();

    private Task<ClassificationResult> NextAsync() => _handled.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private async Task<Guid> PublishAsync(string line, string? className)
    {
        var result = Support.SomeResult.Event("cam-3", className, line);
        await _broker.Channel.BasicPublishAsync(
            _broker.Topology.ResultsExchange, PartsTopology.ResultKey(line, "cam-3", result.Decision), mandatory: false,
            new BasicProperties { Persistent = true }, ClassificationResultCodec.Encode(result).Body);
        return result.ImageId;
    }
}
