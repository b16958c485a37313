using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Client;
using PartsWorker.Hosting;
using PartsWorker.References;

namespace PartsWorker.Bench.Ceilings;

/// <summary>Processor time of each small step of loading, measured alone.</summary>
internal sealed class LoadCost(IReadOnlyList<string> images, ImageOptions options, TimeProvider time)
{
    private const int Messages = 20_000;
    private const int Files = 2_000;

    /// <summary>Milliseconds per message: JSON to reference.</summary>
    public double Message()
    {
        var body = ImageReferenceCodec.Encode(BenchReferences.Create(images[0], time.GetUtcNow()));
        return PerItem(Messages, () => _ = ImageReferenceCodec.Decode(body, "application/json", null));
    }

    /// <summary>Milliseconds per image: reference to bytes, from files in the page cache.</summary>
    public async Task<double> FetchAsync(CancellationToken cancellation)
    {
        await using var services = ImageServices.Create(options);
        var fetcher = services.GetRequiredService<ImageFetcher>();
        var uris = images.Select(path => new Uri(path).AbsoluteUri).ToArray();
        var before = TimeSpan.Zero;
        for (var i = -Files / 10; i < Files; i++)
        {
            before = i == 0 ? Environment.CpuUsage.TotalTime : before;
            using var image = await fetcher.FetchAsync(uris[(i + Files) % uris.Length], null, cancellation);
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Files;
    }

    private static double PerItem(int count, Action once)
    {
        for (var i = 0; i < count / 10; i++)
        {
            once();
        }

        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < count; i++)
        {
            once();
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count;
    }
}
