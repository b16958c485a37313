namespace PartsWorker.Trainer.Data;

/// <summary>
/// A 12 x 12 x 3 thumbnail per image, with its mean removed and scaled to unit length. The dot product of two descriptors measures how
/// similar the images are: near 1 for consecutive frames of one scene.
/// </summary>
internal sealed class SimilarityDescriptors
{
    private const int Side = 12;
    private const int Length = Side * Side * 3;
    private readonly float[] _values;

    public SimilarityDescriptors(PixelCache cache)
    {
        _values = new float[cache.Count * Length];
        Parallel.For(0, cache.Count, i => Shrink(cache.Pixels(i), cache.Size, _values.AsSpan(i * Length, Length)));
    }

    public float Similarity(int a, int b) =>
        System.Numerics.Tensors.TensorPrimitives.Dot(_values.AsSpan(a * Length, Length), _values.AsSpan(b * Length, Length));

    private static void Shrink(ReadOnlySpan<byte> pixels, int size, Span<float> into)
    {
        Span<int> counts = stackalloc int[Side * Side];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var cell = (y * Side / size * Side) + (x * Side / size);
                counts[cell]++;
                for (var c = 0; c < 3; c++)
                {
                    into[(cell * 3) + c] += pixels[(((y * size) + x) * 3) + c];
                }
            }
        }

        var mean = 0f;
        for (var i = 0; i < Length; i++)
        {
            into[i] /= Math.Max(1, counts[i / 3]);
            mean += into[i] / Length;
        }

        var norm = 1e-6f;
        foreach (ref var value in into)
        {
            value -= mean;
            norm += value * value;
        }

        foreach (ref var value in into)
        {
            value /= MathF.Sqrt(norm);
        }
    }
}
