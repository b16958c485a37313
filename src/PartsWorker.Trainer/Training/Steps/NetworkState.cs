using PartsWorker.Inference;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>
/// Parameters and running statistics in one block of native memory. The training graph reads it in place, so the optimizer's result is
/// the input of the next step without a copy.
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
        Places =
        [
            .. Parameters.Select(p => new StatePlace(p.Name, p.Shape, Offset(p.Name), p)),
            .. Statistics.SelectMany(Pair).Select(v => new StatePlace(v.Name, v.Shape, Offset(v.Name), null)),
        ];
    }

    /// <summary>
    /// All tensors: parameters, then running statistics. Blocks with the same layout use the same offsets.
    /// </summary>
    public IReadOnlyList<StatePlace> Places { get; }

    public IReadOnlyList<ParameterSpec> Parameters { get; }

    public IReadOnlyList<StatisticSpec> Statistics { get; }

    public Span<float> All => _memory.AllFloats;

    /// <summary>Inputs of the graph: all parameters, and the statistics of frozen normalizations.</summary>
    public IEnumerable<TensorBinding> Inputs => _memory.Tensors.Where(t => _bound.Contains(t.Name));

    public Span<float> Floats(string name) => _memory.Floats(name);

    public int Offset(string name) => _memory.FloatOffset(name);

    /// <summary>Sets the initial values. Each tensor has its own random stream, so that a new layer does not change the others.</summary>
    public void Initialize(int seed)
    {
        foreach (var p in Parameters)
        {
            Initializers.Fill(p, seed, Floats(p.Name));
        }

        foreach (var s in Statistics)
        {
            Floats(s.MeanName).Clear();
            Floats(s.VarianceName).Fill(1);
        }
    }

    /// <summary>All tensors under their PyTorch names and in PyTorch's element order, from a block with the layout of this one.</summary>
    public Dictionary<string, float[]> Export(ReadOnlySpan<float> block)
    {
        var tensors = new Dictionary<string, float[]>();
        foreach (var place in Places)
        {
            tensors[place.Name] = place.Read(block);
        }

        return tensors;
    }

    /// <summary>Imports the given tensors; returns the names of the parameters that are missing.</summary>
    public IReadOnlyList<string> Import(IReadOnlyDictionary<string, float[]> tensors)
    {
        foreach (var place in Places.Where(p => tensors.ContainsKey(p.Name)))
        {
            place.Write(tensors[place.Name], All);
        }

        return [.. Parameters.Select(p => p.Name).Where(name => !tensors.ContainsKey(name))];
    }

    public void Dispose() => _memory.Dispose();

    private static IEnumerable<Value> Pair(StatisticSpec s) =>
        [new Value(s.MeanName, ElementType.Float, [s.Channels]), new Value(s.VarianceName, ElementType.Float, [s.Channels])];
}
