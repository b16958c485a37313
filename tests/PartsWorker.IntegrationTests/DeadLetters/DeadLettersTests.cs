using PartsWorker.Client;
using PartsWorker.DeadLetters;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Publishing;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.DeadLetters;

public sealed class DeadLettersTests
{
    [Fact]
    public async Task Looking_loses_nothing_and_keeps_the_order()
    {
        await using var broker = await Broker.ConnectAsync();
        var ids = await BuryAsync(broker, 300);

        for (var look = 0; look < 3; look++)
        {
            // The broker takes letters back a moment after the one who looked has gone.
            await broker.WaitForAsync(broker.Topology.DeadQueue, (uint)ids.Length);
            await using var queue = await OpenAsync(broker);
            Assert.Equal(ids, (await ReadAsync(queue)).Select(l => l.ImageId!.Value));
        }

        await broker.WaitForAsync(broker.Topology.DeadQueue, (uint)ids.Length);
        Assert.Equal(ids, await broker.DrainAsync(broker.Topology.DeadQueue));
    }

    [Fact]
    public async Task Stopping_in_the_middle_gives_everything_back_in_order()
    {
        await using var broker = await Broker.ConnectAsync();
        var ids = await BuryAsync(broker, 1000);
        await using (var queue = await OpenAsync(broker))
        {
            await foreach (var letter in queue.ReadAsync(ids.Length, CancellationToken.None))
            {
                if (letter.ImageId == ids[10])
                {
                    break;
                }
            }
        }

        await broker.WaitForAsync(broker.Topology.DeadQueue, (uint)ids.Length);
        Assert.Equal(ids, await broker.DrainAsync(broker.Topology.DeadQueue));
    }

    [Fact]
    public async Task A_dead_letter_of_a_worker_has_a_reason_and_is_replayed_to_its_lane_as_it_was_sent()
    {
        await using var broker = await Broker.ConnectAsync();
        var id = (await BuryAsync(broker, 1, Lane.Reprocess))[0];
        await using (var queue = await OpenAsync(broker))
        {
            var letter = Assert.Single(await ReadAsync(queue));
            Assert.Equal(
                ("missing-image", "load", "no such file", 4, "A", "cam-1"),
                (letter.Reason, letter.Stage, letter.Error, letter.Attempts, letter.Line, letter.Camera));
            Assert.Equal(new DateTimeOffset(2026, 11, 21, 6, 30, 0, TimeSpan.Zero), letter.FirstSeen);
            await queue.ReplayAsync(letter);
        }

        var message = await broker.GetAsync(broker.Topology.ReprocessQueue);
        Assert.Equal("image.reprocess.A.cam-1", message!.RoutingKey);
        Assert.Equal(id.ToString(), message.BasicProperties.MessageId);
        Assert.Equal(
            ["customer", PartsHeaders.Copy],
            message.BasicProperties.Headers!.Keys.Where(k => !k.StartsWith("x-d", StringComparison.Ordinal)).Order());
        Assert.Empty(await broker.DrainAsync(broker.Topology.DeadQueue));
    }

    [Fact]
    public async Task A_letter_the_broker_declared_dead_shows_the_broker_s_reason()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var publisher = await PartsPublisher.ConnectAsync(
            new PublisherOptions { ConnectionString = RunningServices.RabbitMq, Prefix = broker.Topology.Exchange });
        await publisher.PublishAsync(Reference(Guid.NewGuid()));
        while (await broker.Channel.BasicGetAsync(broker.Topology.LiveQueue, autoAck: false) is { } message)
        {
            await broker.Channel.BasicRejectAsync(message.DeliveryTag, requeue: true);
        }

        await broker.WaitForAsync(broker.Topology.DeadQueue, 1);
        await using var queue = await OpenAsync(broker);
        var letter = Assert.Single(await ReadAsync(queue));
        Assert.Equal(
            ("delivery-limit", null, Lane.Live, "A", "cam-1"), (letter.Reason, letter.Stage, letter.Lane, letter.Line, letter.Camera));
        Assert.NotNull(letter.FirstSeen);
    }

    [Fact]
    public async Task Two_people_at_once_lose_nothing_between_them()
    {
        await using var broker = await Broker.ConnectAsync();
        var ids = await BuryAsync(broker, 500);
        await using (var first = await OpenAsync(broker))
        await using (var second = await OpenAsync(broker))
        {
            var both = await Task.WhenAll(ReplayEvenAsync(first), ReplayEvenAsync(second));
            Assert.True(both.Sum() <= 250);
        }

        await using (var last = await OpenAsync(broker))
        {
            await ReplayEvenAsync(last);
        }

        var live = await broker.DrainAsync(broker.Topology.LiveQueue);
        Assert.Equal(ids.Where((_, i) => i % 2 == 0).Order(), live.Order());
        Assert.Equal(ids.Where((_, i) => i % 2 == 1).Order(), (await broker.DrainAsync(broker.Topology.DeadQueue)).Order());

        async Task<int> ReplayEvenAsync(DeadLetterQueue queue)
        {
            var replayed = 0;
            await foreach (var letter in queue.ReadAsync(ids.Length, CancellationToken.None))
            {
                if (Array.IndexOf(ids, letter.ImageId!.Value) % 2 == 0)
                {
                    await queue.ReplayAsync(letter);
                    replayed++;
                }
            }

            return replayed;
        }
    }

    [Fact]
    public async Task An_unreadable_body_is_shown_and_can_be_removed()
    {
        await using var broker = await Broker.ConnectAsync();
        await broker.Channel.BasicPublishAsync(broker.Topology.DeadExchange, "garbage", mandatory: true, body: new byte[] { 0xff, 0x00 });
        await using (var queue = await OpenAsync(broker))
        {
            var letter = Assert.Single(await ReadAsync(queue));
            Assert.Equal((null, "unknown", null), (letter.ImageId, letter.Reason, letter.Line));
            await queue.RemoveAsync(letter);
        }

        Assert.Null(await broker.Channel.BasicGetAsync(broker.Topology.DeadQueue, autoAck: true));
    }

    [Fact]
    public async Task A_reader_knows_that_another_one_holds_letters()
    {
        await using var broker = await Broker.ConnectAsync();
        await BuryAsync(broker, 3);
        await using var first = await OpenAsync(broker);
        await using var second = await OpenAsync(broker);
        Assert.Equal(new LetterCount(3, HasOtherReaders: false), await first.CountAsync(CancellationToken.None));
        await ReadAsync(first);

        Assert.Equal(new LetterCount(0, HasOtherReaders: true), await second.CountAsync(CancellationToken.None));
    }

    private static Task<DeadLetterQueue> OpenAsync(Broker broker) =>
        DeadLetterQueue.OpenAsync(
            RabbitConnections.Factory(RunningServices.RabbitMq), broker.Topology, declare: true, CancellationToken.None);

    private static async Task<IReadOnlyList<DeadLetter>> ReadAsync(DeadLetterQueue queue)
    {
        List<DeadLetter> letters = [];
        var count = await queue.CountAsync(CancellationToken.None);
        await foreach (var letter in queue.ReadAsync(count.Letters, CancellationToken.None))
        {
            letters.Add(letter);
        }

        return letters;
    }

    private static async Task<Guid[]> BuryAsync(Broker broker, int count, Lane lane = Lane.Live)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        await Task.WhenAll(ids.Select(id => broker.Channel.BasicPublishAsync(
            broker.Topology.DeadExchange, PartsTopology.RoutingKey(lane, "A", "cam-1"), mandatory: true, Worded(id, lane),
            ImageReferenceCodec.Encode(Reference(id))).AsTask()));
        return ids;
    }

    private static BasicProperties Worded(Guid id, Lane lane) => new()
    {
        Persistent = true,
        MessageId = id.ToString(),
        Headers = new Dictionary<string, object?>
        {
            [PartsHeaders.Reason] = "missing-image",
            [PartsHeaders.Stage] = "load",
            [PartsHeaders.Error] = "no such file",
            [PartsHeaders.Attempt] = 4,
            [PartsHeaders.FirstSeen] = "2026-11-21T06:30:00Z",
            [PartsHeaders.Lane] = PartsTopology.NameOf(lane),
            ["customer"] = "kept",
        },
    };

    private static ImageReference Reference(Guid id) => new()
    {
        ImageId = id,
        Uri = "file:///data/1.jpg",
        Line = "A",
        Camera = "cam-1",
        CapturedAt = new DateTimeOffset(2026, 11, 21, 6, 30, 0, TimeSpan.Zero),
    };
}
