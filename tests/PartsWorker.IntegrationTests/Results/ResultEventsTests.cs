using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Harness.Network;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Publishing;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Results;

public sealed class ResultEventsTests : IAsyncLifetime
{
    private Broker _broker = null!;
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => (_broker, _database) = (await Broker.ConnectAsync(), await TestDatabase.CreateAsync());

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_holds_what_its_row_holds(bool readBack)
    {
        var queue = await _broker.BindResultsAsync();
        var row = SomeResult.Row() with { PublishedAt = SomeResult.Noon, ReceivedAt = SomeResult.Noon.AddTicks(7) };
        await StoreAsync(row);
        Assert.NotNull(row.StoredAt);
        await using var events = Events();

        await events.PublishAsync([row with { StoredAt = readBack ? null : row.StoredAt }], CancellationToken.None);

        var (result, message) = (await _broker.ResultAsync(queue))!.Value;
        Assert.Equal(
            (row.ImageId, row.ModelKey, row.Line, row.Camera, row.CapturedAt, Lane.Live, row.Decision, row.ClassName),
            (result.ImageId, result.Model, result.Line, result.Camera, result.CapturedAt, result.Lane, result.Decision, result.Class));
        Assert.Equal(
            (row.Confidence, row.Color, row.ColorConfidence, row.Shape, row.ShapeConfidence),
            (result.Confidence, result.Color, result.ColorConfidence, result.Shape, result.ShapeConfidence));
        Assert.Equal(new ResultCandidate("red plate", 0.93, 0.7), Assert.Single(result.Top5));
        Assert.Equal((SomeResult.Noon, row.ReceivedAt), (result.PublishedAt, result.ReceivedAt));
        Assert.Equal(
            result.StoredAt.UtcDateTime, await _database.ScalarAsync<DateTime>("SELECT classified_at FROM classifications"));
        Assert.Equal("result.A.cam-1.accepted", message.RoutingKey);
        Assert.Equal(DeliveryModes.Persistent, message.BasicProperties.DeliveryMode);
        Assert.Equal("application/cloudevents+json", message.BasicProperties.ContentType);
        Assert.Equal($"{row.ImageId}/parts@1", message.BasicProperties.MessageId);
        Assert.Equal(ClassificationResultCodec.EventType, message.BasicProperties.Type);
    }

    [Fact]
    public async Task A_redelivered_image_that_is_classified_differently_is_published_as_its_row_says()
    {
        var queue = await _broker.BindResultsAsync();
        var id = Guid.NewGuid();
        await StoreAsync(SomeResult.Row(id, className: "washer"));
        var again = SomeResult.Unknown(id);
        await StoreAsync(again);
        Assert.Null(again.StoredAt);
        await using var events = Events();

        await events.PublishAsync([again], CancellationToken.None);

        var (result, message) = (await _broker.ResultAsync(queue))!.Value;
        Assert.Equal(("accepted", "washer"), (result.Decision, result.Class));
        Assert.Equal("result.A.cam-1.accepted", message.RoutingKey);
    }

    [Fact]
    public async Task A_row_that_has_stopped_being_a_shadow_is_published_as_it_was_stored()
    {
        var queue = await _broker.BindResultsAsync();
        var id = Guid.NewGuid();
        await StoreAsync(SomeResult.Row(id, className: "washer") with { Shadow = true });
        var live = SomeResult.Unknown(id);
        await StoreAsync(live);
        await using var events = Events();

        await events.PublishAsync([live], CancellationToken.None);

        Assert.Equal("washer", (await _broker.ResultAsync(queue))!.Value.Result.Class);
    }

    [Fact]
    public async Task Neither_a_shadow_row_nor_a_missing_row_has_an_event()
    {
        var queue = await _broker.BindResultsAsync();
        var (shadow, missing, live) = (SomeResult.Row() with { Shadow = true }, SomeResult.Row(), SomeResult.Row());
        await StoreAsync(shadow, live);
        await using var events = Events();

        await events.PublishAsync([shadow, missing, live], CancellationToken.None);

        Assert.Equal(live.ImageId, (await _broker.ResultAsync(queue))!.Value.Result.ImageId);
        Assert.Equal(0U, await _broker.Channel.MessageCountAsync(queue));
    }

    [Fact]
    public async Task A_batch_is_published_in_the_order_in_which_the_images_were_taken()
    {
        var queue = await _broker.BindResultsAsync();
        var rows = Enumerable.Range(0, 200).Select(i => SomeResult.Row(capturedAt: SomeResult.Noon.AddMilliseconds(i))).ToArray();
        var shuffled = rows.ToArray();
        new Random(1).Shuffle(shuffled);
        await StoreAsync(shuffled);
        await using var events = Events();

        await events.PublishAsync([.. shuffled, rows[0]], CancellationToken.None);

        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(rows[i].ImageId, (await _broker.ResultAsync(queue))!.Value.Result.ImageId);
        }

        Assert.Equal(0U, await _broker.Channel.MessageCountAsync(queue));
    }

    [Fact]
    public async Task Without_a_subscriber_events_are_confirmed_and_dropped()
    {
        var row = SomeResult.Row();
        await StoreAsync(row);
        await using var events = Events();

        await events.PublishAsync([row], CancellationToken.None);
    }

    [Fact]
    public async Task A_full_queue_that_refuses_events_is_named_and_the_next_attempt_succeeds_once_it_has_room()
    {
        var queue = await _broker.BindResultsAsync(
            arguments: new() { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" });
        SomeRows(out var first, out var second);
        await StoreAsync(first, second);
        await using var events = Events();
        await events.PublishAsync([first], CancellationToken.None);

        var error = await Assert.ThrowsAsync<ResultEventsException>(() => events.PublishAsync([second], CancellationToken.None));
        Assert.Contains($"'{_broker.Topology.ResultsExchange}' full?", error.Message, StringComparison.Ordinal);

        await _broker.ResultAsync(queue);
        await events.PublishAsync([second], CancellationToken.None);
        Assert.Equal(second.ImageId, (await _broker.ResultAsync(queue))!.Value.Result.ImageId);
    }

    [Fact]
    public async Task A_lost_connection_is_an_error_in_one_line_and_the_next_attempt_connects_again()
    {
        var queue = await _broker.BindResultsAsync();
        SomeRows(out var first, out var second);
        await StoreAsync(first, second);
        await using var proxy = new Proxy(RunningServices.RabbitMqPort);
        await using var events = Events(RunningServices.RabbitMqThrough(proxy.Port));
        await events.PublishAsync([first], CancellationToken.None);

        proxy.TakeAway();
        await Assert.ThrowsAsync<ResultEventsException>(() => events.PublishAsync([second], CancellationToken.None));
        proxy.Mode = ProxyMode.Forward;
        await RetryAsync(() => events.PublishAsync([second], CancellationToken.None));

        await _broker.ResultAsync(queue);
        Assert.Equal(second.ImageId, (await _broker.ResultAsync(queue))!.Value.Result.ImageId);
    }

    [Fact]
    public async Task Without_Declare_the_exchange_is_not_declared()
    {
        var row = SomeResult.Row();
        await StoreAsync(row);
        await using var events = Events(declare: false);

        var error = await Assert.ThrowsAsync<ResultEventsException>(() => events.PublishAsync([row], CancellationToken.None));
        Assert.Contains("no exchange", error.Message, StringComparison.Ordinal);

        await _broker.Topology.DeclareResultsAsync(_broker.Channel);
        await RetryAsync(() => events.PublishAsync([row], CancellationToken.None));
    }

    private static void SomeRows(out ResultRow first, out ResultRow second) => (first, second) = (SomeResult.Row(), SomeResult.Row());

    private static async Task RetryAsync(Func<Task> publish)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await publish();
                return;
            }
            catch (ResultEventsException) when (attempt < 10)
            {
                // The connection is opened again after a pause.
            }
        }
    }

    private ResultEvents Events(string? address = null, bool declare = true) => ResultEvents.Create(
        address ?? RunningServices.RabbitMq,
        new RabbitOptions { Prefix = _broker.Topology.Exchange, Declare = declare },
        new StoredResults(_database.Source, new ResultsOptions(), TimeProvider.System),
        TimeProvider.System);

    private async Task StoreAsync(params ResultRow[] rows)
    {
        var options = new ResultsOptions { Publish = true };
        var writer = new ResultWriter(_database.Source, options, TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync(rows, CancellationToken.None));
    }
}
