using System.Numerics.Tensors;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Directions: what embeddings and gallery rows are.</summary>
internal static class UnitVector
{
    /// <summary>x / |x|; changes <paramref name="x"/> and returns it.</summary>
    public static float[] Of(float[] x)
    {
        var length = TensorPrimitives.Norm<float>(x);
        if (length > 0)
        {
            TensorPrimitives.Divide(x, length, x);
        }

        return x;
    }
}
