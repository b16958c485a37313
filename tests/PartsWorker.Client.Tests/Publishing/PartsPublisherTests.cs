using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Publishing;

public sealed class PartsPublisherTests
{
    private static readonly ImageReference Wrong = Some.Reference() with { Uri = "file:///" + new string('u', ReferenceRules.MaxUri) };

    [Fact]
    public async Task A_wrong_reference_fails_where_it_is_awaited_and_not_where_it_is_sent()
    {
        await using var publisher = new PartsPublisher(new PublisherOptions { ConnectionString = "amqp://127.0.0.1:1/" });

        Task[] sending = [publisher.PublishAsync(Wrong), publisher.PublishForModelAsync(Wrong, "parts@1")];

        foreach (var each in sending)
        {
            Assert.True((await Assert.ThrowsAsync<PublishFailedException>(() => each)).IsPermanent);
        }
    }
}
