using System.Threading.Channels;
using PartsWorker.Client;
using PartsWorker.Configuration;
using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>
/// One generation of a lane's connection. Anything that breaks ends the whole generation; nothing is recovered
/// in place, because a recovered consumer can receive nothing (RabbitMQ.Client issue 1993).
/// </summary>
internal sealed class IntakeSession : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly RabbitOptions _options;
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionLane? _lane;

    private IntakeSession(IConnection connection, RabbitOptions options)
    {
        _connection = connection;
        _options = options;
        _connection.ConnectionShutdownAsync += (_, e) => LoseAsync($"connection closed: {e.ReplyText}");
        _connection.ConnectionBlockedAsync += (_, e) => { Blocked = e.Reason; return Task.CompletedTask; };
        _connection.ConnectionUnblockedAsync += (_, _) => { Blocked = null; return Task.CompletedTask; };
    }

    /// <summary>Completes with the reason when this generation is over.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>The node of a cluster that this connection leads to.</summary>
    public string Endpoint => _connection.Endpoint.ToString();

    /// <summary>The broker's resource alarm, or null.</summary>
    public string? Blocked { get; private set; }

    public static async Task<IntakeSession> OpenAsync(
        ConnectionFactory factory, PartsTopology topology, RabbitOptions options, ushort prefetch, Lane lane,
        ChannelWriter<Delivery> to, TimeProvider time, CancellationToken stopping)
    {
        var session = new IntakeSession(await RabbitConnections.ConnectAsync(factory, stopping), options);
        try
        {
            await session.DeclareAsync(topology, stopping);
            session._lane = await session.ConsumeAsync(lane, topology.QueueOf(lane), prefetch, to, time, stopping);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>True when messages wait that this session could take but does not receive; checked by the watchdog.</summary>
    public async Task<bool> IsStalledAsync(int prefetch, CancellationToken stopping)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: stopping);
        return _lane!.IsStalled(await channel.MessageCountAsync(_lane.Queue, stopping), prefetch);
    }

    public async Task<IReadOnlyList<QueueDepth>> ReadDepthsAsync(PartsTopology topology, CancellationToken cancellation)
    {
        string[] names =
            [topology.LiveQueue, topology.ReprocessQueue, .. topology.RetrySteps.Select(step => step.Name), topology.DeadQueue];
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellation);
        List<QueueDepth> depths = [];
        foreach (var name in names)
        {
            var queue = await channel.QueueDeclarePassiveAsync(name, cancellation);
            depths.Add(new QueueDepth(name, queue.MessageCount, queue.ConsumerCount));
        }

        return depths;
    }

    /// <summary>No further deliveries; outstanding ones can still be acknowledged.</summary>
    public Task StopConsumingAsync(CancellationToken cancellation) =>
        _lane!.Channel.BasicCancelAsync(_lane.ConsumerTag, cancellationToken: cancellation);

    /// <summary>Sends the pending acknowledgements, then closes; unacknowledged messages go back to their queue.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        _lane!.Acknowledger.End();
        await _lane.Writing.WaitAsync(cancellation);
        await _connection.CloseAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        try
        {
            await _connection.DisposeAsync().AsTask().WaitAsync(_options.BrokerTimeout);
        }
        catch (Exception)
        {
            // A broken connection may fail to close; the next generation starts from scratch.
        }
    }

    private async Task DeclareAsync(PartsTopology topology, CancellationToken stopping)
    {
        if (!_options.Declare)
        {
            return;
        }

        await using var channel = await _connection.CreateChannelAsync(cancellationToken: stopping);
        await topology.DeclareAsync(channel, stopping);
    }

    private async Task<SessionLane> ConsumeAsync(
        Lane lane, string queue, ushort prefetch, ChannelWriter<Delivery> to, TimeProvider time, CancellationToken stopping)
    {
        // The fourth argument must be set: its default silently overrides the dispatch concurrency of the factory.
        var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(false, false, null, 1), stopping);
        channel.ChannelShutdownAsync += (_, e) => LoseAsync($"channel of the {lane} lane closed: {e.ReplyText}");
        channel.CallbackExceptionAsync += (_, e) => LoseAsync($"the {lane} consumer failed: {e.Exception.Message}");
        await channel.BasicQosAsync(0, prefetch, global: false, stopping);
        var acknowledger = new ChannelAcknowledger(channel, _options.BrokerTimeout);
        var consumer = new LaneConsumer(channel, lane, queue, acknowledger, to, time, reason => _lost.TrySetResult(reason));
        // Without a tag the broker generates a longer one and sends it with every message.
        var tag = await channel.BasicConsumeAsync(queue, autoAck: false, PartsTopology.NameOf(lane), consumer, stopping);
        return new SessionLane(queue, channel, tag, consumer, acknowledger, AcknowledgeAsync(acknowledger));
    }

    private async Task AcknowledgeAsync(ChannelAcknowledger acknowledger)
    {
        try
        {
            await acknowledger.WriteAsync(_gone.Token);
        }
        catch (Exception error)
        {
            _lost.TrySetResult($"acknowledging failed: {error.Message}");
        }
    }

    private async Task LoseAsync(string reason)
    {
        _lost.TrySetResult(reason);
        await _gone.CancelAsync();
    }
}
