using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.FailureRows;
using PartsWorker.Failures;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Tests.Support;
using RabbitMQ.Client;

namespace PartsWorker.Tests.Intake;

/// <summary>Without a broker: what happens while a failed message cannot be forwarded.</summary>
public sealed class RabbitFailureRouterTests : IFailureRows, IAsyncLifetime
{
    private const string Forwarding = "forwarding of failed messages";
    private static readonly PartFailureException Broken = new(FailureKind.BadMessage, Recovery.Permanent, "not JSON");

    private readonly ManualTime _time = new();
    private readonly WorkerState _state;
    private readonly PipelineMetrics _metrics;
    private readonly ListLogger<RabbitFailureRouter> _log = new();
    private readonly FakeAcknowledger _acknowledger = new();
    private readonly RabbitFailureRouter _router;

    public RabbitFailureRouterTests()
    {
        _state = new WorkerState(_time);
        _metrics = new PipelineMetrics(_state);
        var factory = new ConnectionFactory { Uri = new Uri($"amqp://localhost:{FreePort.Find()}") };
        _router = new(factory, new PartsTopology("parts"), new RabbitOptions(), this, _metrics, _state, _time, _log);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _router.DisposeAsync();
        _metrics.Dispose();
    }

    Task IFailureRows.WriteAsync(FailureRow row, CancellationToken abort) => Task.CompletedTask;

    [Fact]
    public async Task A_stale_delivery_that_fails_is_neither_logged_nor_counted_because_it_comes_again()
    {
        _acknowledger.IsLost = true;

        await RouteAsync();

        Assert.Empty(_log.Entries);
        Assert.Equal((0, 0, 0), _metrics.Totals);
    }

    [Fact]
    public async Task While_a_message_cannot_be_forwarded_the_worker_is_alive_but_not_ready()
    {
        var routing = RouteAsync();
        await UntilFailedAsync(times: 1);
        Assert.Contains(Forwarding, _state.Problems.Keys);

        _time.Advance(TimeSpan.FromMinutes(1));
        await UntilFailedAsync(times: 2);
        Assert.Equal(TimeSpan.Zero, _state.SinceTick);

        _acknowledger.IsLost = true;
        _time.Advance(TimeSpan.FromMinutes(1));
        await routing.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(Forwarding, _state.Problems.Keys);
    }

    private Task RouteAsync() =>
        _router.RouteAsync(Some.Delivery(acknowledger: _acknowledger), PipelineStage.Load, Broken, CancellationToken.None);

    /// <summary>Returns when the router pauses after so many attempts.</summary>
    private async Task UntilFailedAsync(int times)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_log.Entries.Count < times || _time.WaitingTimers == 0)
        {
            await Task.Delay(1, limit.Token);
        }
    }
}
