using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// A 12 x 12 x 3 thumbnail with its mean removed and scaled to unit length. The dot product of two descriptors measures how similar the
/// images are: near 1 for consecutive frames of one scene.
/// </summary>
internal static class SceneDescriptor
{
    private const int Side = 12;

    public const int Length = Side * Side * 3;

    /// <param name="pixels">RGB, <paramref name="size"/> rows of <paramref name="size"/> pixels.</param>
    /// <param name="size">Side of the image.</param>
    /// <param name="into">Receives the descriptor; all zero before the call, <see cref="Length"/> values.</param>
    /// <returns>What the descriptor no longer contains.</returns>
    public static Tone Describe(ReadOnlySpan<byte> pixels, int size, Span<float> into)
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

        return Normalize(into, counts);
    }

    public static float Similarity(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.Dot(a, b);

    private static Tone Normalize(Span<float> into, ReadOnlySpan<int> counts)
    {
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

        return new(mean, MathF.Sqrt(norm / Length));
    }
}

/// <summary>Brightness of a thumbnail.</summary>
/// <param name="Mean">Mean of all values, 0..255.</param>
/// <param name="Contrast">Root mean square difference from the mean, 0..255.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Tone(float Mean, float Contrast)
{
    /// <summary>Root mean square difference of two thumbnails in gray levels, 0..255, given the dot product of their descriptors.</summary>
    public float Difference(Tone other, float similarity)
    {
        var shift = Mean - other.Mean;
        var square = (shift * shift) + (Contrast * Contrast) + (other.Contrast * other.Contrast)
            - (2 * Contrast * other.Contrast * similarity);
        return MathF.Sqrt(Math.Max(0, square));
    }
}
