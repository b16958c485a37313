using System.Text.Json;
using System.Text.RegularExpressions;
using PartsWorker.Client;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.IntegrationTests.Worker;

public class PublishedResultsTests
{
    private static readonly (string, string) On = ("Results__Publish", "true");

    [Fact]
    public async Task Every_stored_image_has_an_event_that_agrees_with_SQL_however_often_the_worker_is_killed()
    {
        await using var factory = await Factory.OpenAsync();
        var queue = await factory.Broker.BindResultsAsync();
        var images = factory.CopyGoldenImages(copies: 10);
        foreach (var image in images)
        {
            await factory.PublishAsync(image);
        }

        for (var kill = 0; kill < 2; kill++)
        {
            using var victim = factory.StartWorker(On, ("Pipeline__MaxBatch", "4"), ("Model__Verify", "false"));
            await factory.UntilRowsAsync(1 + (kill * 16));
            victim.Kill();
            await victim.ExitAsync();
        }

        using var worker = factory.StartWorker(On);
        await factory.UntilRowsAsync(images.Count);

        // Rows of the killed workers may still wait for the redelivery that publishes them.
        var published = new HashSet<string>();
        while (published.Count < images.Count && await factory.Broker.ResultAsync(queue, TimeSpan.FromMinutes(1)) is { } next)
        {
            published.Add($"{next.Result.ImageId}|{next.Result.Model}|{next.Result.Class}|{next.Result.Decision}");
        }

        var stored = await factory.Database.LinesAsync("SELECT image_id, model, coalesce(class, ''), decision FROM classifications");
        Assert.Equal(stored.Order(), published.Order());
    }

    [Fact]
    public async Task Without_the_setting_no_exchange_is_declared()
    {
        await using var factory = await Factory.OpenAsync();
        await factory.PublishAsync(factory.CopyGoldenImages()[0]);

        using var worker = factory.StartWorker();
        await factory.UntilRowsAsync(1);
        worker.Terminate();
        await worker.ExitAsync();

        var error = await Assert.ThrowsAsync<OperationInterruptedException>(
            () => factory.Broker.Channel.ExchangeDeclarePassiveAsync(factory.Broker.Topology.ResultsExchange));
        Assert.Equal(404, error.ShutdownReason!.ReplyCode);
    }

    [Fact]
    public async Task Users_with_exactly_the_documented_rights_on_broker_and_database_can_run_a_worker_that_publishes()
    {
        await using var factory = await Factory.OpenAsync();
        var queue = await factory.Broker.BindResultsAsync();
        await using var user = await LimitedUser.CreateAsync(factory.Broker, extra: "|results");
        await factory.PublishAsync(factory.CopyGoldenImages()[0]);
        await factory.PublishRawAsync("not json"u8.ToArray());

        using var worker = factory.StartWorker(
            On, ("Rabbit__Declare", "false"), ("ConnectionStrings__RabbitMq", user.Address),
            ("ConnectionStrings__Postgres", await factory.Database.CreateLoginAsync("partsworker_writer")));

        Assert.True(await factory.Broker.ResultAsync(queue, TimeSpan.FromMinutes(1)) is not null, worker.Text);
        Assert.True(await factory.DeadLetterAsync() is not null, worker.Text);
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task A_user_who_may_only_write_and_read_can_publish_and_replay_dead_letters()
    {
        await using var factory = await Factory.OpenAsync();
        var prefix = Regex.Escape(factory.Prefix);
        await using var user = await LimitedUser.CreateAsync(factory.Broker, "^$", $"^{prefix}$", $@"^{prefix}\.dead$");
        (string, string)[] environment =
            [("ConnectionStrings__RabbitMq", user.Address), ("Rabbit__Prefix", factory.Prefix), ("Rabbit__Declare", "false")];
        await factory.Broker.Channel.BasicPublishAsync(factory.Broker.Topology.DeadExchange, "image.live.A.cam-1", body: "{"u8.ToArray());
        factory.CopyGoldenImages();

        using var publish = ChildProcess.StartWorker($"publish {factory.Images.FullName} --line A --camera cam-1", environment);
        using var replay = ChildProcess.StartWorker("dead-letters replay", environment);

        Assert.True(await publish.ExitAsync() == 0, publish.Text);
        Assert.True(await replay.ExitAsync() == 0, replay.Text);
        Assert.Equal((uint)factory.Images.GetFiles().Length + 1, await factory.WaitingAsync());
    }

    [Fact]
    public async Task Without_the_right_on_the_exchange_the_worker_pauses_and_says_why_and_the_message_stays()
    {
        await using var factory = await Factory.OpenAsync();
        await using var user = await LimitedUser.CreateAsync(factory.Broker, extra: "");
        await factory.Broker.Topology.DeclareResultsAsync(factory.Broker.Channel);
        await factory.PublishAsync(factory.CopyGoldenImages()[0]);

        using (var worker = factory.StartWorker(On, ("Rabbit__Declare", "false"), ("ConnectionStrings__RabbitMq", user.Address)))
        {
            await worker.UntilAsync("The result exchange is down");
            Assert.Contains("access to exchange", worker.Text, StringComparison.Ordinal);
            worker.Kill();
            await worker.ExitAsync();
        }

        await factory.Broker.WaitForAsync(factory.Broker.Topology.LiveQueue, 1);
    }

    [Fact]
    public async Task A_subscriber_with_exactly_the_documented_rights_receives_results()
    {
        await using var factory = await Factory.OpenAsync();
        await factory.Broker.Topology.DeclareResultsAsync(factory.Broker.Channel);
        var (own, exchange) = (Regex.Escape($"gateway-{factory.Prefix}."), Regex.Escape(factory.Broker.Topology.ResultsExchange));
        await using var user = await LimitedUser.CreateAsync(factory.Broker, $"^{own}", $"^{own}", $"^({own}.*|{exchange})$");
        await using var subscriber = await ResultSubscriber.ConnectAsync(new SubscriberOptions
        {
            ConnectionString = user.Address,
            Prefix = factory.Prefix,
            Declare = false,
            Queue = $"gateway-{factory.Prefix}.line-a",
        });
        var result = SomeResult.Event("cam-3", "washer");
        await factory.Broker.Channel.BasicPublishAsync(
            factory.Broker.Topology.ResultsExchange, PartsTopology.ResultKey("A", "cam-3", "accepted"),
            ClassificationResultCodec.Encode(result).Body);

        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var received = Guid.Empty;
        await subscriber.RunAsync(
            (next, _) =>
            {
                received = next.ImageId;
                return stop.CancelAsync();
            },
            stop.Token);

        Assert.Equal(result.ImageId, received);
        await factory.Broker.Channel.QueueDeleteAsync($"gateway-{factory.Prefix}.line-a");
    }

    [Fact]
    public async Task The_command_prints_results_as_they_are_published()
    {
        await using var factory = await Factory.OpenAsync();
        var environment = new[] { ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", factory.Prefix) };
        using var text = ChildProcess.StartWorker("results --follow --line A", environment);
        using var json = ChildProcess.StartWorker("results --follow --camera cam-1 --json", environment);
        using var other = ChildProcess.StartWorker("results --follow --line B", environment);
        await Task.WhenAll(new[] { text, json, other }.Select(command => command.UntilAsync("following results")));
        var id = await factory.PublishAsync(factory.CopyGoldenImages()[0]);

        using var worker = factory.StartWorker(On);
        await Task.WhenAll(text.LinesAsync(1), json.LinesAsync(1));

        Assert.Matches($@"^2026-05-04T06:00:00.000Z  A  cam-1  (accepted|unknown ) .*{id}$", text.Lines.Single());
        var printed = JsonDocument.Parse(json.Lines.Single()).RootElement;
        Assert.Equal(id, printed.GetProperty("data").GetProperty("imageId").GetGuid());
        Assert.Empty(other.Lines);
        text.Terminate();
        Assert.Equal(0, await text.ExitAsync());
    }
}
