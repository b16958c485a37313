using System.Numerics.Tensors;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>
/// Exponential moving average of weights and running statistics; usually one or two points more accurate than the last weights.
/// </summary>
internal sealed class WeightAverage(float decay, int length)
{
    /// <summary>False if the decay is 0; the last state is used instead.</summary>
    public bool IsKept => decay > 0;

    public float[] Values { get; } = new float[length];

    public void Reset(ReadOnlySpan<float> state) => state.CopyTo(Values);

    /// <summary>Updates the average. The decay grows with the steps, so that the random initial weights fade quickly.</summary>
    public void Update(ReadOnlySpan<float> state, long step)
    {
        var now = MathF.Min(decay, (1f + step) / (10f + step));
        TensorPrimitives.Multiply(Values, now, Values);
        TensorPrimitives.MultiplyAdd(state, 1 - now, Values, Values);
    }
}
