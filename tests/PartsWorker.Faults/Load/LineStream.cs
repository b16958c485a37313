using PartsWorker.Client;
using PartsWorker.Harness.Load;

namespace PartsWorker.Faults.Load;

/// <summary>
/// A running line: publishes images at a constant rate. The capture time is the time of publishing, so the commit of the row gives the
/// latency.
/// </summary>
internal sealed class LineStream : IAsyncDisposable
{
    /// <summary>The line of these images; no other load uses it.</summary>
    public const string Line = "stream";

    private readonly PartsPublisher _publisher;
    private readonly ReferenceFeeder _feeder;
    private readonly string[] _files;
    private readonly double _perSecond;
    private readonly Random _random;

    private LineStream(PartsPublisher publisher, string[] files, double perSecond, int seed)
    {
        (_publisher, _files, _perSecond, _random) = (publisher, files, perSecond, new(seed));
        _feeder = new ReferenceFeeder(publisher, _ => Next());
    }

    /// <summary>Images published and confirmed so far.</summary>
    public int Published => (int)_feeder.Published;

    /// <param name="rabbitMq">The broker.</param>
    /// <param name="root">Folder of images that the workers may read.</param>
    /// <param name="perSecond">Images per second.</param>
    /// <param name="seed">Determines which images.</param>
    public static async Task<LineStream> OpenAsync(string rabbitMq, string root, double perSecond, int seed) => new(
        await PartsPublisher.ConnectAsync(new PublisherOptions { ConnectionString = rabbitMq }),
        [.. Directory.GetFiles(root).Order(StringComparer.Ordinal)], perSecond, seed);

    /// <summary>Publishes until it is cancelled, and returns when all messages are confirmed.</summary>
    public Task RunAsync(CancellationToken stop) => _feeder.PaceAsync(_perSecond, TimeSpan.MaxValue, stop);

    public ValueTask DisposeAsync() => _publisher.DisposeAsync();

    private ImageReference Next() => new()
    {
        ImageId = Guid.NewGuid(),
        Uri = new Uri(_files[_random.Next(_files.Length)]).AbsoluteUri,
        Line = Line,
        Camera = $"cam-{_random.Next(1, 5)}",
        CapturedAt = TimeProvider.System.GetUtcNow(),
    };
}
