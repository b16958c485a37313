using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Resamples one RGB24 row. The vector path gives exactly the scalar path's bytes.</summary>
internal static class HorizontalPass
{
    private const int Round = 1 << (ResamplePlan.FractionBits - 1);

    public static void Run(ResamplePlan plan, ReadOnlySpan<byte> source, Span<byte> target, bool vectors)
    {
        var vectorEnd = vectors && Avx2.IsSupported ? RunVectors(plan, source, target) : 0;
        RunScalar(plan, source, target, vectorEnd);
    }

    /// <summary>
    /// Computes the leading output pixels whose taps can be read 16 bytes at a time without leaving the row; returns how many.
    /// </summary>
    private static int RunVectors(ResamplePlan plan, ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Four pixels R0G0B0R1.. become (R0 R1)(G0 G1)(B0 B1)(0 0)(R2 R3)(G2 G3)(B2 B3)(0 0), ready to be multiplied and added in pairs.
        var pairs = Vector128.Create((byte)0, 3, 1, 4, 2, 5, 255, 255, 6, 9, 7, 10, 8, 11, 255, 255);
        var pack = Vector128.Create((byte)0, 4, 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);
        ref var pixel = ref MemoryMarshal.GetReference(source);
        ref var half = ref MemoryMarshal.GetArrayDataReference(plan.Halves);
        for (var x = 0; x < plan.Output; x++)
        {
            var groups = (plan.Taps[x] + 3) / 4;
            var from = plan.First[x] * 3;
            // This check is what makes the unchecked loads below safe.
            if (from + ((groups - 1) * 12) + 16 > source.Length)
            {
                return x;
            }

            var high = Vector256<int>.Zero;
            var low = Vector256<int>.Zero;
            var weights = (nuint)(x * plan.Groups * 32);
            for (var g = 0; g < groups; g++, from += 12, weights += 32)
            {
                var four = Avx2.ConvertToVector256Int16(Ssse3.Shuffle(Vector128.LoadUnsafe(ref pixel, (nuint)from), pairs));
                high += Avx2.MultiplyAddAdjacent(four, Vector256.LoadUnsafe(ref half, weights));
                low += Avx2.MultiplyAddAdjacent(four, Vector256.LoadUnsafe(ref half, weights + 16));
            }

            var sum = (high << ResamplePlan.HalfBits) + low;
            var rounded = (sum.GetLower() + sum.GetUpper() + Vector128.Create(Round)) >> ResamplePlan.FractionBits;
            var rgb = Ssse3.Shuffle(Vector128.Min(rounded, Vector128.Create(255)).AsByte(), pack).AsUInt32().ToScalar();
            var at = target.Slice(x * 3, 3);
            (at[0], at[1], at[2]) = ((byte)rgb, (byte)(rgb >> 8), (byte)(rgb >> 16));
        }

        return plan.Output;
    }

    private static void RunScalar(ResamplePlan plan, ReadOnlySpan<byte> source, Span<byte> target, int start)
    {
        for (var x = start; x < plan.Output; x++)
        {
            var weights = plan.Weights.AsSpan(x * plan.Groups * 4, plan.Taps[x]);
            var pixels = source.Slice(plan.First[x] * 3, weights.Length * 3);
            int r = Round, g = Round, b = Round;
            for (var i = 0; i < weights.Length; i++)
            {
                r += pixels[i * 3] * weights[i];
                g += pixels[(i * 3) + 1] * weights[i];
                b += pixels[(i * 3) + 2] * weights[i];
            }

            target[x * 3] = Clip(r);
            target[(x * 3) + 1] = Clip(g);
            target[(x * 3) + 2] = Clip(b);
        }
    }

    private static byte Clip(int sum) => (byte)Math.Min(sum >> ResamplePlan.FractionBits, 255);
}
