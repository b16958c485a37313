using PartsWorker.Client;
using PartsWorker.Harness.Network;
using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Publishing;

public sealed class PartsPublisherTests
{
    [Fact]
    public async Task A_published_reference_is_in_the_queue_of_its_lane_with_its_properties()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var publisher = await PartsPublisher.ConnectAsync(Options(broker));
        var reference = Reference();

        await publisher.PublishAsync(reference, Lane.Reprocess);

        var message = await broker.GetAsync(broker.Topology.ReprocessQueue);
        Assert.Equal("image.reprocess.A.cam-1", message!.RoutingKey);
        Assert.Equal(reference.ImageId.ToString(), message.BasicProperties.MessageId);
        Assert.True(message.BasicProperties.Persistent);
        Assert.True(message.BasicProperties.Timestamp.UnixTime > 1_700_000_000);
        Assert.Equal(
            reference,
            ImageReferenceCodec.Decode(
                message.Body, message.BasicProperties.ContentType, message.BasicProperties.Headers) with { Extra = null });
    }

    [Theory]
    [InlineData(MessageFormat.CloudEventBinary)]
    [InlineData(MessageFormat.CloudEventStructured)]
    public async Task CloudEvents_come_through_the_broker(MessageFormat format)
    {
        await using var broker = await Broker.ConnectAsync();
        await using var publisher = await PartsPublisher.ConnectAsync(Options(broker, format: format));
        var reference = Reference();

        await publisher.PublishAsync(reference);

        var message = await broker.GetAsync(broker.Topology.LiveQueue);
        var back = ImageReferenceCodec.Decode(message!.Body, message.BasicProperties.ContentType, message.BasicProperties.Headers);
        Assert.Equal(reference, back with { Extra = null });
        Assert.Equal("/lines/A/cameras/cam-1", back.Extra!["cloudEvent"].GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_reference_no_queue_takes_is_an_error_that_names_the_image()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var publisher = await PartsPublisher.ConnectAsync(Options(broker));
        await broker.Channel.QueueUnbindAsync(broker.Topology.LiveQueue, broker.Topology.Exchange, "image.live.#");
        var reference = Reference();

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => publisher.PublishAsync(reference));

        Assert.Equal(
            $"image {reference.ImageId} was not published: no queue takes 'image.live.A.cam-1' on exchange '{broker.Topology.Exchange}'",
            error.Message);
        await publisher.PublishAsync(reference, Lane.Reprocess);
    }

    [Fact]
    public async Task A_full_queue_refuses_the_reference_and_the_error_names_the_queue()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var publisher = await PartsPublisher.ConnectAsync(Options(broker));
        await broker.ReplaceLiveQueueAsync(maxLength: 1);
        await using var writeOnly = await PartsPublisher.ConnectAsync(Options(broker, declare: false));

        var error = await Assert.ThrowsAsync<PublishFailedException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await writeOnly.PublishAsync(Reference());
            }
        });

        Assert.Contains($"the broker refused it: is {broker.Topology.LiveQueue} full?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_at_once_over_a_connection_that_is_cut_all_arrive()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var proxy = new Proxy(RunningServices.RabbitMqPort);
        await using var publisher = await PartsPublisher.ConnectAsync(Options(broker, proxy));
        var references = Enumerable.Range(0, 1000).Select(_ => Reference()).ToArray();

        var publishing = references.Select(r => publisher.PublishAsync(r)).ToArray();
        await publishing[100];
        proxy.Cut();
        await Task.WhenAll(publishing);

        Assert.Equal(references.Select(r => r.ImageId).Order(), (await broker.DrainAsync(broker.Topology.LiveQueue)).Distinct().Order());
    }

    [Fact]
    public async Task A_broker_that_stops_answering_is_left_and_found_again()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var proxy = new Proxy(RunningServices.RabbitMqPort);
        await using var publisher = await PartsPublisher.ConnectAsync(Options(broker, proxy, confirmTimeout: TimeSpan.FromSeconds(1)));
        proxy.Mode = ProxyMode.SwallowAnswers;
        var reference = Reference();

        var publishing = publisher.PublishAsync(reference);
        await Task.WhenAny(publishing, Task.Delay(TimeSpan.FromSeconds(2)));
        Assert.False(publishing.IsCompleted);
        proxy.Mode = ProxyMode.Forward;
        proxy.Cut();
        await publishing;

        Assert.Equal(reference.ImageId, Assert.Single((await broker.DrainAsync(broker.Topology.LiveQueue)).Distinct()));
    }

    [Fact]
    public async Task A_broker_that_stays_away_ends_in_one_line()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var proxy = new Proxy(RunningServices.RabbitMqPort);
        await using var publisher = await PartsPublisher.ConnectAsync(Options(broker, proxy, giveUpAfter: TimeSpan.FromSeconds(1)));
        proxy.TakeAway();
        var reference = Reference();

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => publisher.PublishAsync(reference));

        Assert.StartsWith($"image {reference.ImageId} was not published: ", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsPermanent);
    }

    [Fact]
    public async Task Wrong_credentials_are_said_without_the_password()
    {
        var wrong = new UriBuilder(RunningServices.RabbitMq) { UserName = "nobody", Password = "s3cret" }.Uri.AbsoluteUri;

        var error = await Assert.ThrowsAsync<RabbitConnectionException>(
            () => PartsPublisher.ConnectAsync(new PublisherOptions { ConnectionString = wrong }));

        Assert.Contains("refused user 'nobody'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    private static PublisherOptions Options(
        Broker broker, Proxy? proxy = null, MessageFormat format = MessageFormat.PlainJson, bool declare = true,
        TimeSpan? confirmTimeout = null, TimeSpan? giveUpAfter = null) => new()
        {
            ConnectionString = proxy is null ? RunningServices.RabbitMq : RunningServices.RabbitMqThrough(proxy.Port),
            Prefix = broker.Topology.Exchange,
            Format = format,
            Declare = declare,
            ConfirmTimeout = confirmTimeout ?? TimeSpan.FromSeconds(15),
            GiveUpAfter = giveUpAfter ?? TimeSpan.FromSeconds(30),
        };

    private static ImageReference Reference() => new()
    {
        ImageId = Guid.NewGuid(),
        Uri = "file:///data/1.jpg",
        Line = "A",
        Camera = "cam-1",
        CapturedAt = new DateTimeOffset(2026, 11, 21, 6, 30, 0, TimeSpan.Zero),
    };
}
