using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Training;

/// <summary>All tensors that a training step changes, under their checkpoint names.</summary>
internal sealed class RunState(NetworkState network, Optimizer optimizer, WeightAverage average)
{
    private IEnumerable<StatePlace> Trained => network.Places.Where(p => p.IsTrained);

    /// <summary>All tensors in PyTorch's shapes, independent of the layouts of the training graph.</summary>
    public IReadOnlyList<TensorSource> Tensors() =>
    [
        .. network.Places.Select(p => new TensorSource(p.Name, p.Shape, () => p.Read(network.All))),
        .. average.IsKept ? Tensors(CheckpointTensors.Average, network.Places, average.Values) : [],
        .. Tensors(CheckpointTensors.FirstMoment, Trained, optimizer.First),
        .. optimizer.Second.Length > 0 ? Tensors(CheckpointTensors.SecondMoment, Trained, optimizer.Second) : [],
    ];

    /// <exception cref="UserErrorException">A tensor is missing or has another shape; the message names it.</exception>
    public void Restore(Checkpoint saved)
    {
        Restore(saved, string.Empty, network.Places, network.All);
        average.Reset(network.All);
        if (average.IsKept)
        {
            Restore(saved, CheckpointTensors.Average, network.Places, average.Values);
        }

        Restore(saved, CheckpointTensors.FirstMoment, Trained, optimizer.First);
        if (optimizer.Second.Length > 0)
        {
            Restore(saved, CheckpointTensors.SecondMoment, Trained, optimizer.Second);
        }
    }

    private static IEnumerable<TensorSource> Tensors(string prefix, IEnumerable<StatePlace> places, float[] block) =>
        places.Select(p => new TensorSource(prefix + p.Name, p.Shape, () => p.Read(block)));

    private static void Restore(Checkpoint saved, string prefix, IEnumerable<StatePlace> places, Span<float> block)
    {
        foreach (var place in places)
        {
            place.Write(saved.Tensor(prefix + place.Name, place.Shape), block);
        }
    }
}
