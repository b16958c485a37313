using PartsWorker.Inference.Training;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// Parameters and running statistics in one flat native block that the training graph reads in place: the optimizer's result is the
/// next step's input without a copy.
/// </summary>
internal sealed class NetworkState : IDisposable
{
    private readonly GraphMemory _memory;
    private readonly HashSet<string> _bound;

    public NetworkState(TrainingGraph graph)
    {
        Parameters = graph.Parameters;
        Statistics = [.. graph.Statistics, .. graph.FixedStatistics];
        _bound = [.. Parameters.Select(p => p.Name), .. graph.FixedStatistics.SelectMany(s => new[] { s.MeanName, s.VarianceName })];
        _memory = new GraphMemory([.. Parameters.Select(p => p.StoredValue), .. Statistics.SelectMany(Pair)]);
    }

    public IReadOnlyList<ParameterSpec> Parameters { get; }

    public IReadOnlyList<StatisticSpec> Statistics { get; }

    public Span<float> All => _memory.AllFloats;

    /// <summary>What the graph reads: all parameters, and the statistics of frozen normalisations.</summary>
    public IEnumerable<TensorBinding> Inputs => _memory.Tensors.Where(t => _bound.Contains(t.Name));

    public Span<float> Floats(string name) => _memory.Floats(name);

    public int Offset(string name) => _memory.FloatOffset(name);

    /// <summary>Starting values from one seed; each tensor has a stream of its own, so that adding a layer changes no other.</summary>
    public void Initialize(int seed)
    {
        foreach (var p in Parameters)
        {
            Starts.Fill(p, seed, Floats(p.Name));
        }

        foreach (var s in Statistics)
        {
            Floats(s.MeanName).Clear();
            Floats(s.VarianceName).Fill(1);
        }
    }

    /// <summary>All tensors under their PyTorch names and in PyTorch's shapes, read from a block laid out like this one.</summary>
    public Dictionary<string, float[]> Export(ReadOnlySpan<float> block)
    {
        var tensors = new Dictionary<string, float[]>();
        foreach (var p in Parameters)
        {
            tensors[p.Name] = KernelLayout.ToPublished(p, block.Slice(Offset(p.Name), p.Count).ToArray());
        }

        foreach (var name in Statistics.SelectMany(s => new[] { s.MeanName, s.VarianceName }))
        {
            tensors[name] = block.Slice(Offset(name), Floats(name).Length).ToArray();
        }

        return tensors;
    }

    /// <summary>Takes every tensor that is present; returns the names of the parameters that were not.</summary>
    public IReadOnlyList<string> Import(IReadOnlyDictionary<string, float[]> tensors)
    {
        var missing = new List<string>();
        foreach (var p in Parameters)
        {
            if (tensors.TryGetValue(p.Name, out var data))
            {
                KernelLayout.ToStored(p, data).CopyTo(Floats(p.Name));
            }
            else
            {
                missing.Add(p.Name);
            }
        }

        foreach (var name in Statistics.SelectMany(s => new[] { s.MeanName, s.VarianceName }).Where(tensors.ContainsKey))
        {
            tensors[name].CopyTo(Floats(name));
        }

        return missing;
    }

    public void Dispose() => _memory.Dispose();

    private static IEnumerable<Value> Pair(StatisticSpec s) =>
        [new Value(s.MeanName, ElementType.Float, [s.Channels]), new Value(s.VarianceName, ElementType.Float, [s.Channels])];
}
