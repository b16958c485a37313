using System.Runtime.InteropServices;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;

namespace PartsWorker.Bench.Ceilings;

/// <summary>
/// The embedder and the meta model on pixels that are ready in memory, at the limit of the device and not only as a worker would use it:
/// batches up to the largest, one run at a time on every core, and two concurrent runs on half of the cores each.
/// </summary>
internal sealed class ModelCeiling : IDisposable
{
    private readonly ModelWay[] _ways;

    public ModelCeiling(ModelBundle bundle, InferenceOptions options)
    {
        var first = new ModelWay(bundle, Unbound(options, ProcessorCores.Threads(options.IntraOpThreads)));
        _ways = first.Device != "cpu" || options.IntraOpThreads > 0 || ProcessorCores.Count == 1
            ? [first]
            : [first, new ModelWay(bundle, Unbound(options, ProcessorCores.Count / 2))];
    }

    public string Device => _ways[0].Device;

    public Precision Precision => _ways[0].Precision;

    /// <summary>Every batch size (powers of two, and the largest), one run at a time and several concurrently.</summary>
    public IEnumerable<ModelLoad> Loads =>
        from size in Enumerable.Range(0, 10).Select(i => 1 << i).Where(size => size < _ways[0].MaxBatch).Append(_ways[0].MaxBatch)
        from way in Enumerable.Range(0, _ways.Length)
        from atOnce in Enumerable.Range(1, _ways[way].MostAtOnce)
        select new ModelLoad(way, size, atOnce);

    /// <summary>Runs one load for the given time.</summary>
    public Rate Run(ModelLoad load, TimeSpan length) => _ways[load.Way].Run(load.Batch, load.AtOnce, length);

    public void Dispose()
    {
        foreach (var way in _ways)
        {
            way.Dispose();
        }
    }

    private static InferenceOptions Unbound(InferenceOptions options, int threads) =>
        options with { LongestRun = TimeSpan.FromMinutes(1), IntraOpThreads = threads };
}

/// <summary>One batch size, one way to use the device, and the number of concurrent runs.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ModelLoad(int Way, int Batch, int AtOnce);
