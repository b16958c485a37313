namespace PartsWorker.Client.Tests.Examples;

/// <summary>The example of the package's README, compiled; a test holds the two together.</summary>
internal static class CameraService
{
    public static async Task RunAsync(Camera camera, string password, CancellationToken stopping)
    {
        // README
        await using var publisher = SpooledPublisher.Open(
            new SpoolOptions { Directory = "/var/lib/camera-3/spool", Notice = Console.Error.WriteLine },
            new PublisherOptions { ConnectionString = "amqps://camera-3@broker.plant/", Connection = new() { Password = password, CaFile = "/etc/plant/ca.pem" } });

        await foreach (var shot in camera.ShotsAsync(stopping))
        {
            await publisher.PublishAsync(new ImageReference
            {
                ImageId = Guid.CreateVersion7(shot.TakenAt),
                Uri = new Uri(shot.File).AbsoluteUri,
                Line = "A",
                Camera = "cam-3",
                CapturedAt = shot.TakenAt,
                Attributes = new Dictionary<string, string> { ["order"] = shot.Order },
            }, cancellationToken: stopping);
        }

        // README
    }

    internal abstract class Camera
    {
        public abstract IAsyncEnumerable<Shot> ShotsAsync(CancellationToken stopping);
    }

    internal sealed record Shot(string File, DateTimeOffset TakenAt, string Order);
}
