using System.Numerics.Tensors;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>Exponential moving average of weights and running statistics: usually a point or two better than the last weights.</summary>
internal sealed class WeightAverage(float decay, int length)
{
    /// <summary>False for a decay of 0: the average is then the last state.</summary>
    public bool IsKept => decay > 0;

    public float[] Values { get; } = new float[length];

    public void Reset(ReadOnlySpan<float> state) => state.CopyTo(Values);

    /// <summary>The decay grows with the steps, so that a short run is not an average of its random start.</summary>
    public void Update(ReadOnlySpan<float> state, long step)
    {
        var now = MathF.Min(decay, (1f + step) / (10f + step));
        TensorPrimitives.Multiply(Values, now, Values);
        TensorPrimitives.MultiplyAdd(state, 1 - now, Values, Values);
    }
}
