namespace PartsWorker.Client.Tests.Examples;

/// <summary>The example of the package's README, compiled; a test holds the two together.</summary>
internal static class ResultGateway
{
    public static async Task RunAsync(Sorter sorter, string password, CancellationToken stopping)
    {
        // README
        await using var results = await ResultSubscriber.ConnectAsync(
            new SubscriberOptions
            {
                ConnectionString = "amqps://gateway@broker.plant/",
                Connection = new() { Password = password, CaFile = "/etc/plant/ca.pem" },
                Line = "A",
                Queue = "gateway.line-a",
                Notice = Console.Error.WriteLine,
            },
            stopping);

        await results.RunAsync(
            async (result, cancellation) =>
            {
                if (result.Lane == Lane.Live && sorter.IsNew(result.EventId))
                {
                    await sorter.SendAsync(result.ImageId, result.Class ?? "unknown", cancellation);
                }
            },
            stopping);

        // README
    }

    internal abstract class Sorter
    {
        public abstract bool IsNew(string eventId);

        public abstract Task SendAsync(Guid imageId, string className, CancellationToken cancellation);
    }
}
