using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>
/// Parameters are initializers with trained weights, normalization uses the running statistics, and masks have no effect.
/// </summary>
/// <param name="graph">Receives the initializers.</param>
/// <param name="weights">By PyTorch name, in PyTorch shape.</param>
/// <param name="storage">How to store matrices and kernels.</param>
internal sealed class InferenceStore(GraphBuilder graph, IReadOnlyDictionary<string, float[]> weights, WeightStorage storage)
    : IParameterStore
{
    public Value Parameter(ParameterSpec spec)
    {
        var data = Find(spec.Name, spec.Count);
        return (spec.IsMatrix ? storage : WeightStorage.Fp32) switch
        {
            WeightStorage.Fp16 => graph.HalfInitializer(spec.Name, data, spec.Shape),
            WeightStorage.Int8 => graph.QuantizedInitializer(spec.Name, data, spec.Shape),
            _ => graph.Initializer(spec.Name, data, spec.Shape),
        };
    }

    public Value Normalize(Ops ops, Value x, Value scale, Value shift, string name, float epsilon)
    {
        var spec = new StatisticSpec(name, x.Channels, 1);
        var mean = graph.Initializer(spec.MeanName, Find(spec.MeanName, x.Channels), x.Channels);
        var variance = graph.Initializer(spec.VarianceName, Find(spec.VarianceName, x.Channels), x.Channels);
        return graph.BatchNorm(x, scale, shift, mean, variance, epsilon);
    }

    public Value Mask(Ops ops, Value x, int[] shape, float rate) => x;

    private float[] Find(string name, int count)
    {
        var data = weights.TryGetValue(name, out var found)
            ? found
            : throw new InvalidDataException($"the weights contain no tensor '{name}'");
        return data.Length == count
            ? data
            : throw new InvalidDataException($"tensor '{name}' has {data.Length} elements, but the network needs {count}");
    }
}
