using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Images;
using PartsWorker.Bench.Suite;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Costs;

/// <summary>Measures what pictures of each size cost to read and to decode, and the memory of the loaders.</summary>
internal sealed class PictureCosts(CostPlan plan, TimeProvider time)
{
    private readonly Dictionary<(PreprocessingRecipe Recipe, string Size), double> _decode = [];
    private readonly Dictionary<string, double> _loaderMb = new(StringComparer.Ordinal);

    /// <summary>Paths by name of the size.</summary>
    public Dictionary<string, IReadOnlyList<string>> Files { get; } = new(StringComparer.Ordinal);

    public void Draw(CancellationToken cancellation)
    {
        foreach (var size in plan.Sizes)
        {
            plan.Report($"pictures of {size.Name}");
            var folder = Path.Combine(plan.Images, $"{size.Width}x{size.Height}");
            Files[size.Name] = [.. BenchImages.Ensure(folder, size.Count, size.Pixels, cancellation).Take(size.Count)];
        }
    }

    public async Task<IReadOnlyList<PictureCost>> MeasureAsync(CancellationToken cancellation)
    {
        var costs = new List<PictureCost>();
        foreach (var size in plan.Sizes)
        {
            plan.Report($"reading pictures of {size.Name}");
            var files = Files[size.Name];
            var bytes = files.Average(file => new FileInfo(file).Length);
            var fetch = await new LoadCost(files, plan.Reading, time).FetchAsync(cancellation);
            costs.Add(new(size.Name, size.Width, size.Height, bytes, fetch));
        }

        return costs;
    }

    /// <summary>Memory of each loader for the largest pictures, from the peaks of two workers without broker and database.</summary>
    public async Task<double> LoaderMbAsync(string bundle, CancellationToken cancellation)
    {
        if (!_loaderMb.TryGetValue(bundle, out var each))
        {
            var least = await PeakAsync(bundle, Files[plan.Sizes[0].Name], cancellation);
            var most = await PeakAsync(bundle, Files[plan.Sizes[^1].Name], cancellation);
            _loaderMb[bundle] = each = Math.Max(0, most - least) / plan.Loaders;
        }

        return each;
    }

    /// <summary>Decoding and shrinking to the input of a bundle, by name of the size.</summary>
    public Dictionary<string, double> Decode(PreprocessingRecipe recipe)
    {
        foreach (var size in plan.Sizes.Where(size => !_decode.ContainsKey((recipe, size.Name))))
        {
            var ceiling = new DecodeCeiling([.. Files[size.Name].Select(File.ReadAllBytes)], recipe, plan.Limits);
            var decoder = plan.Decoder.For(recipe).Name;
            ceiling.Run(decoder, plan.Window / 4, Environment.ProcessorCount);
            _decode[(recipe, size.Name)] = ceiling.Run(decoder, plan.Window, Environment.ProcessorCount).CpuMsPerImage;
        }

        return plan.Sizes.ToDictionary(size => size.Name, size => _decode[(recipe, size.Name)], StringComparer.Ordinal);
    }

    private async Task<double> PeakAsync(string bundle, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        await using var child = await new Subjects(files, world: null, plan.Overrides).PipelineAsync(bundle, cancellation);
        await child.NextCommitAsync(cancellation);
        await Task.Delay(plan.Window, cancellation);
        return (await child.MarkAsync(cancellation)).PeakMb;
    }
}
