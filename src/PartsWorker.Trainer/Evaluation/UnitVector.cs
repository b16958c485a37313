using System.Numerics.Tensors;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Vectors of length one, such as embeddings and gallery rows.</summary>
internal static class UnitVector
{
    /// <summary>Scales <paramref name="x"/> to length one in place and returns it.</summary>
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
