using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>
/// Finds images whose descriptors are close, without comparing all pairs in full. Projecting vectors never increases their distance, so an
/// image is compared only with those whose projection on the direction of greatest variance is close, and in full only if a 4 x 4 thumbnail
/// is close too. The result is exact.
/// </summary>
internal sealed class DescriptorIndex
{
    private const int CoarseSide = 4;
    private const int CoarseLength = CoarseSide * CoarseSide * 3;
    private const int Rounds = 6;
    private const int Sampled = 2000;
    private readonly IReadOnlyList<ScannedImage> _images;
    private readonly int[] _sorted;
    private readonly float[] _keys;
    private readonly float[] _coarse;

    /// <param name="images">All images of a scan.</param>
    /// <param name="members">Positions of the images to index.</param>
    public DescriptorIndex(IReadOnlyList<ScannedImage> images, IEnumerable<int> members)
    {
        _images = images;
        _sorted = [.. members];
        var direction = MainDirection();
        _keys = [.. _sorted.Select(m => TensorPrimitives.Dot<float>(images[m].Descriptor, direction))];
        Array.Sort(_keys, _sorted);
        _coarse = new float[_sorted.Length * CoarseLength];
        for (var at = 0; at < _sorted.Length; at++)
        {
            Shrink(images[_sorted[at]].Descriptor, Coarse(at));
        }
    }

    public int Count => _sorted.Length;

    /// <summary>Position of the image at a place.</summary>
    public int this[int place] => _sorted[place];

    /// <summary>The images whose similarity to the image at <paramref name="place"/> reaches <paramref name="minimum"/>.</summary>
    /// <param name="place">Place in the index, 0..<see cref="Count"/> - 1; each image has one.</param>
    /// <param name="minimum">Lowest similarity, 0..1.</param>
    /// <param name="onlyLater">Whether to visit each pair once instead of twice.</param>
    public IEnumerable<CloseImage> CloseTo(int place, float minimum, bool onlyLater = false)
    {
        var reach = MathF.Sqrt(2 - (2 * minimum));
        var first = onlyLater ? place + 1 : LowerBound(_keys[place] - reach);
        for (var at = first; at < _sorted.Length && _keys[at] <= _keys[place] + reach; at++)
        {
            if (at == place || TensorPrimitives.Distance<float>(Coarse(place), Coarse(at)) > reach)
            {
                continue;
            }

            var similarity = SceneDescriptor.Similarity(_images[_sorted[place]].Descriptor, _images[_sorted[at]].Descriptor);
            if (similarity >= minimum)
            {
                yield return new(_sorted[place], _sorted[at], similarity);
            }
        }
    }

    private Span<float> Coarse(int place) => _coarse.AsSpan(place * CoarseLength, CoarseLength);

    private int LowerBound(float key)
    {
        var at = Array.BinarySearch(_keys, key);
        at = at < 0 ? ~at : at;
        while (at > 0 && _keys[at - 1] >= key)
        {
            at--;
        }

        return at;
    }

    /// <summary>Power iteration on a sample; any direction is correct, this one separates best.</summary>
    private float[] MainDirection()
    {
        var step = Math.Max(1, _sorted.Length / Sampled);
        var sample = _sorted.Where((_, i) => i % step == 0).Select(m => _images[m].Descriptor).ToArray();
        var mean = new float[SceneDescriptor.Length];
        foreach (var descriptor in sample)
        {
            TensorPrimitives.MultiplyAdd(descriptor, 1f / sample.Length, mean, mean);
        }

        var direction = new float[SceneDescriptor.Length];
        direction.AsSpan().Fill(1);
        direction[0] = 2;
        for (var round = 0; round < Rounds; round++)
        {
            direction = Turn(direction, sample, mean);
        }

        return direction;
    }

    private static float[] Turn(float[] direction, float[][] sample, float[] mean)
    {
        var center = TensorPrimitives.Dot<float>(mean, direction);
        var turned = new float[direction.Length];
        foreach (var descriptor in sample)
        {
            var weight = TensorPrimitives.Dot<float>(descriptor, direction) - center;
            TensorPrimitives.MultiplyAdd(descriptor, weight, turned, turned);
            TensorPrimitives.MultiplyAdd(mean, -weight, turned, turned);
        }

        return Evaluation.UnitVector.Of(turned);
    }

    /// <summary>Sums over blocks of 3 x 3 cells, divided by 3: an orthogonal projection.</summary>
    private static void Shrink(float[] descriptor, Span<float> into)
    {
        const int Side = 12;
        for (var i = 0; i < descriptor.Length; i++)
        {
            var (cell, channel) = (i / 3, i % 3);
            var block = (cell / Side / 3 * CoarseSide) + (cell % Side / 3);
            into[(block * 3) + channel] += descriptor[i] / 3;
        }
    }
}

/// <summary>Two images and the similarity of their descriptors.</summary>
/// <param name="A">Position of the one.</param>
/// <param name="B">Position of the other.</param>
/// <param name="Similarity">Dot product of the descriptors.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CloseImage(int A, int B, float Similarity);
