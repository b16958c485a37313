using System.Numerics.Tensors;

namespace PartsWorker.Trainer.Training;

/// <summary>Exponential moving average of weights and running statistics: usually a point or two better than the last weights.</summary>
internal sealed class WeightAverage(float decay, int length)
{
    public float[] Values { get; } = new float[length];

    public void Start(ReadOnlySpan<float> state) => state.CopyTo(Values);

    /// <summary>The decay grows with the steps, so that a short run is not an average of its random start.</summary>
    public void Follow(ReadOnlySpan<float> state, long step)
    {
        var now = MathF.Min(decay, (1f + step) / (10f + step));
        TensorPrimitives.Multiply(Values, now, Values);
        TensorPrimitives.MultiplyAdd(state, 1 - now, Values, Values);
    }
}
