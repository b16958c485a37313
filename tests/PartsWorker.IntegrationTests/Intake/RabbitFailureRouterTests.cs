using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Configuration;
using PartsWorker.Client;
using PartsWorker.FailureRows;
using PartsWorker.Failures;
using PartsWorker.Harness.Services;
using PartsWorker.Intake;
using PartsWorker.IntegrationTests.Publishing;
using PartsWorker.Observability;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Intake;

public sealed class RabbitFailureRouterTests : IAsyncLifetime, IAcknowledger, IFailureRows
{
    private static readonly PartFailureException Broken = new(FailureKind.BadMessage, Recovery.Permanent, "not JSON");
    private static readonly PartFailureException Slow = new(FailureKind.MissingImage, Recovery.Transient, "the file is not there yet");

    private readonly List<ulong> _settled = [];
    private readonly List<FailureRow> _rows = [];
    private Task _database = Task.CompletedTask;
    private readonly WorkerState _state = new(TimeProvider.System);
    private Broker _broker = null!;
    private PipelineMetrics _metrics = null!;
    private RabbitFailureRouter _router = null!;

    bool IAcknowledger.IsLost => false;

    public async Task InitializeAsync()
    {
        _broker = await Broker.ConnectAsync();
        _metrics = new(_state);
        _router = new(
            new ConnectionFactory { Uri = new Uri(RunningServices.RabbitMq) }, _broker.Topology, new RabbitOptions(), this, _metrics,
            _state, TimeProvider.System, NullLogger<RabbitFailureRouter>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _router.DisposeAsync();
        _metrics.Dispose();
        await _broker.DisposeAsync();
    }

    void IAcknowledger.Settled(ulong tag) => _settled.Add(tag);

    async Task IFailureRows.WriteAsync(FailureRow row, CancellationToken abort)
    {
        await _database.WaitAsync(abort);
        _rows.Add(row);
    }

    [Fact]
    public async Task A_message_is_settled_only_once_its_row_is_written_and_is_in_its_queue_before()
    {
        var back = new TaskCompletionSource();
        _database = back.Task;

        var routing = RouteAsync(1, "{", Broken);
        await _broker.WaitForAsync(_broker.Topology.DeadQueue, 1);
        Assert.Empty(_settled);
        back.SetResult();
        await routing;

        Assert.Equal([1], _settled);
        Assert.Equal((FailureStatus.Dead, "bad-message", "load", "A", "cam-1"), Shown(Assert.Single(_rows)));
    }

    [Fact]
    public async Task A_message_whose_acknowledgement_was_lost_writes_its_row_again_and_the_row_has_the_same_id()
    {
        await RouteAsync(1, "{", Broken);
        await RouteAsync(2, "{", Broken, redelivered: true);

        Assert.Equal([_rows[0].FailureId, _rows[0].FailureId], _rows.Select(row => row.FailureId));
    }

    private static (FailureStatus Status, string Reason, string? Stage, string? Line, string? Camera) Shown(FailureRow row) =>
        (row.Status, row.Reason, row.Stage, row.Line, row.Camera);

    [Fact]
    public async Task A_dead_letter_whose_acknowledgement_was_lost_is_not_written_again_when_the_broker_delivers_it_again()
    {
        await RouteAsync(1, "{", Broken);
        await RouteAsync(2, "{", Broken, redelivered: true);

        Assert.Equal([1, 2], _settled);
        Assert.Equal(1, await CountAsync(_broker.Topology.DeadQueue));
    }

    [Fact]
    public async Task Two_equal_messages_of_a_publisher_are_two_dead_letters()
    {
        await RouteAsync(1, "{", Broken);
        await RouteAsync(2, "{", Broken);

        Assert.Equal(2, await CountAsync(_broker.Topology.DeadQueue));
    }

    [Fact]
    public async Task A_redelivered_message_that_was_never_handed_over_is_handed_over()
    {
        await RouteAsync(1, "{", Broken, redelivered: true);
        await RouteAsync(2, "[", Broken, redelivered: true);

        Assert.Equal(2, await CountAsync(_broker.Topology.DeadQueue));
    }

    [Fact]
    public async Task The_next_attempt_of_a_message_is_another_hand_over()
    {
        await RouteAsync(1, "{}", Slow);
        await RouteAsync(2, "{}", Slow, redelivered: true, attempts: 1);

        Assert.Equal(1, await CountAsync(_broker.Topology.RetrySteps[0].Name));
        Assert.Equal(1, await CountAsync(_broker.Topology.RetrySteps[1].Name));
    }

    [Fact]
    public async Task A_copy_that_comes_back_is_handed_over_although_nothing_else_differs()
    {
        await RouteAsync(1, "{}", Broken, copy: "first");
        await RouteAsync(2, "{}", Broken, redelivered: true, copy: "first");
        await RouteAsync(3, "{}", Broken, redelivered: true, copy: "second");

        Assert.Equal(2, await CountAsync(_broker.Topology.DeadQueue));
        var (one, two) = (await _broker.GetAsync(_broker.Topology.DeadQueue), await _broker.GetAsync(_broker.Topology.DeadQueue));
        Assert.NotEqual(CopyOf(one!), CopyOf(two!));
    }

    private static string CopyOf(BasicGetResult message) =>
        System.Text.Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![PartsHeaders.Copy]!);

    [Fact]
    public async Task A_dead_letter_without_a_message_id_is_named_by_the_imageId_of_its_broken_body_and_keeps_its_encoding()
    {
        const string id = "0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10";

        await RouteAsync(1, $"{{\"imageId\":\"{id}\",\"uri\":", Broken, messageId: null);

        var letter = await _broker.GetAsync(_broker.Topology.DeadQueue);
        Assert.Equal((id, "utf-8"), (letter!.BasicProperties.MessageId, letter.BasicProperties.ContentEncoding));
    }

    private Task RouteAsync(
        ulong tag, string body, PartFailureException failure, bool redelivered = false, int attempts = 0, string? messageId = "the-same",
        string? copy = null)
    {
        var delivery = new Delivery(this, tag, Lane.Live, System.Text.Encoding.UTF8.GetBytes(body))
        {
            MessageId = messageId,
            ContentEncoding = "utf-8",
            RoutingKey = "image.live.A.cam-1",
            Redelivered = redelivered,
            Headers = new Dictionary<string, object?> { [PartsHeaders.Attempt] = attempts, [PartsHeaders.Copy] = copy },
        };
        return _router.RouteAsync(delivery, PipelineStage.Load, failure, CancellationToken.None);
    }

    // Confirmed means that the queue has it; the count lags behind by a moment at most.
    private async Task<int> CountAsync(string queue)
    {
        await Task.Delay(500);
        return (int)await _broker.Channel.MessageCountAsync(queue);
    }
}
