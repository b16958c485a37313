using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Resamples between rows: one output row from the rows its taps cover. The vector path gives exactly the scalar path's bytes.
/// </summary>
internal static class VerticalPass
{
    private const int Round = 1 << (ResamplePlan.FractionBits - 1);

    /// <param name="plan">Weights of the vertical axis.</param>
    /// <param name="y">The output row.</param>
    /// <param name="source">All rows, <paramref name="stride"/> bytes each.</param>
    /// <param name="stride">Bytes of a row, and of <paramref name="target"/>.</param>
    /// <param name="target">The output row.</param>
    /// <param name="vectors">False for the scalar path.</param>
    public static void Run(ResamplePlan plan, int y, ReadOnlySpan<byte> source, int stride, Span<byte> target, bool vectors)
    {
        var rows = source.Slice(plan.First[y] * stride, plan.Taps[y] * stride);
        var weights = plan.Weights.AsSpan(y * plan.Groups * 4, plan.Taps[y]);
        var done = vectors && Avx2.IsSupported ? RunVectors(rows, weights, stride, target) : 0;
        for (var x = done; x < stride; x++)
        {
            var sum = Round;
            for (var i = 0; i < weights.Length; i++)
            {
                sum += rows[(i * stride) + x] * weights[i];
            }

            target[x] = (byte)Math.Min(sum >> ResamplePlan.FractionBits, 255);
        }
    }

    private static int RunVectors(ReadOnlySpan<byte> rows, ReadOnlySpan<int> weights, int stride, Span<byte> target)
    {
        ref var row = ref MemoryMarshal.GetReference(rows);
        var x = 0;
        for (; x + 16 <= stride; x += 16)
        {
            Vector256<int> high0 = default, high1 = default, low0 = default, low1 = default;
            for (var i = 0; i < weights.Length; i += 2)
            {
                var a = Vector128.LoadUnsafe(ref row, (nuint)((i * stride) + x));
                var paired = i + 1 < weights.Length;
                var b = paired ? Vector128.LoadUnsafe(ref row, (nuint)(((i + 1) * stride) + x)) : default;
                var (wh, wl) = PairOfWeights(weights[i], paired ? weights[i + 1] : 0);
                var first = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(a, b));
                var second = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(a, b));
                high0 += Avx2.MultiplyAddAdjacent(first, wh);
                high1 += Avx2.MultiplyAddAdjacent(second, wh);
                low0 += Avx2.MultiplyAddAdjacent(first, wl);
                low1 += Avx2.MultiplyAddAdjacent(second, wl);
            }

            var words = Avx2.PackUnsignedSaturate(Finish(high0, low0), Finish(high1, low1));
            var ordered = Avx2.Permute4x64(words.AsInt64(), 0b11_01_10_00).AsInt16();
            Sse2.PackUnsignedSaturate(ordered.GetLower(), ordered.GetUpper()).CopyTo(target[x..]);
        }

        return x;
    }

    private static Vector256<int> Finish(Vector256<int> high, Vector256<int> low) =>
        ((high << ResamplePlan.HalfBits) + low + Vector256.Create(Round)) >> ResamplePlan.FractionBits;

    private static (Vector256<short> High, Vector256<short> Low) PairOfWeights(int first, int second)
    {
        const int LowMask = (1 << ResamplePlan.HalfBits) - 1;
        var high = (first >> ResamplePlan.HalfBits) | (second >> ResamplePlan.HalfBits << 16);
        var low = (first & LowMask) | ((second & LowMask) << 16);
        return (Vector256.Create(high).AsInt16(), Vector256.Create(low).AsInt16());
    }
}
