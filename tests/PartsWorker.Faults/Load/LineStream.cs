using PartsWorker.Client;

namespace PartsWorker.Faults.Load;

/// <summary>A line at work: images at a steady rate, each captured at the moment it is published, so that its row's commit tells how long it took.</summary>
internal sealed class LineStream : IAsyncDisposable
{
    /// <summary>The line of these images; no other load uses it.</summary>
    public const string Line = "stream";

    private readonly PartsPublisher _publisher;
    private readonly string[] _files;
    private readonly TimeSpan _interval;
    private readonly Random _random;

    private LineStream(PartsPublisher publisher, string[] files, double perSecond, int seed)
    {
        (_publisher, _files, _interval, _random) = (publisher, files, TimeSpan.FromSeconds(1 / perSecond), new(seed));
    }

    /// <summary>Images published and confirmed so far.</summary>
    public int Published { get; private set; }

    /// <param name="rabbitMq">The broker.</param>
    /// <param name="root">Folder of images the workers may read.</param>
    /// <param name="perSecond">Images per second.</param>
    /// <param name="seed">Decides which images.</param>
    public static async Task<LineStream> OpenAsync(string rabbitMq, string root, double perSecond, int seed) => new(
        await PartsPublisher.ConnectAsync(new PublisherOptions { ConnectionString = rabbitMq }),
        [.. Directory.GetFiles(root).Order(StringComparer.Ordinal)], perSecond, seed);

    /// <summary>Publishes until told to stop, and returns when all of it is confirmed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var confirms = new List<Task>();
        using var clock = new PeriodicTimer(_interval);
        try
        {
            while (await clock.WaitForNextTickAsync(stop))
            {
                confirms.Add(PublishAsync());
            }
        }
        catch (OperationCanceledException)
        {
            // The line stops.
        }

        await Task.WhenAll(confirms);
        Published += confirms.Count;
    }

    public ValueTask DisposeAsync() => _publisher.DisposeAsync();

    private Task PublishAsync() => _publisher.PublishAsync(new ImageReference
    {
        ImageId = Guid.NewGuid(),
        Uri = new Uri(_files[_random.Next(_files.Length)]).AbsoluteUri,
        Line = Line,
        Camera = $"cam-{_random.Next(1, 5)}",
        CapturedAt = TimeProvider.System.GetUtcNow(),
    });
}
