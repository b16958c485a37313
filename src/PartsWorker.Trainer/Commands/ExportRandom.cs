using System.Diagnostics;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Export.Untrained;
using PartsWorker.Trainer.Reports;
using PartsWorker.Trainer.Synthesis;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer export --random</c>: writes an untrained bundle for benchmarks.</summary>
internal static class ExportRandom
{
    public static int Run(string pairName, int seed, string root, CancellationToken cancel)
    {
        var pair = RandomPair.All.FirstOrDefault(p => p.Name == pairName)
            ?? throw new UserErrorException($"--random {pairName}: must be one of {string.Join(", ", RandomPair.Names)}");
        if (seed < 0)
        {
            throw new UserErrorException($"--seed {seed}: must be 0 or above");
        }

        var bundle = new RandomBundle(pair, seed);
        if (Directory.Exists(Path.Combine(root, bundle.Name, bundle.Version)))
        {
            throw new UserErrorException(
                $"{Path.Combine(root, bundle.Name, bundle.Version)}: already exists; choose another --seed or --out");
        }

        var watch = Stopwatch.StartNew();
        ModelBundle made;
        using (var progress = new ProgressLine("embedding", PartCatalog.MaxClasses))
        {
            made = bundle.Write(root, TimeProvider.System.GetUtcNow(), progress, cancel);
        }

        Console.WriteLine(
            $"{made.Directory}: {made.Key}, untrained, {made.Manifest.Preprocessing.Size} px, in {watch.Elapsed.TotalSeconds:0.0} s");
        return 0;
    }
}
