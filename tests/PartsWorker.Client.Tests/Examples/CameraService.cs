namespace PartsWorker.Client.Tests.Examples;

/// <summary>The example of the package's README, compiled; a test holds the two together.</summary>
internal static class CameraService
{
    public static async Task RunAsync(Camera camera, string password, CancellationToken stopping)
    {
        // README
        await using var publisher = SpooledPublisher.Open(
            new SpoolOptions { Directory = "/var/lib/camera-3/spool", Notice = Console.Error.WriteLine },
            new PublisherOptions
            {
                ConnectionString = "amqps://camera-3@broker.plant/",
                Connection = new() { Password = password, CaFile = "/etc/plant/ca.pem" },
            });

        await foreach (var image in camera.ImagesAsync(stopping))
        {
            await publisher.PublishAsync(new ImageReference
            {
                ImageId = Guid.CreateVersion7(image.TakenAt),
                Uri = new Uri(image.File).AbsoluteUri,
                Line = "A",
                Camera = "cam-3",
                CapturedAt = image.TakenAt,
                Attributes = new Dictionary<string, string> { ["order"] = image.Order },
            }, cancellationToken: stopping);
        }

        // README
    }

    internal abstract class Camera
    {
        public abstract IAsyncEnumerable<CameraImage> ImagesAsync(CancellationToken stopping);
    }

    internal sealed record CameraImage(string File, DateTimeOffset TakenAt, string Order);
}
