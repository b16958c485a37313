using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PartsWorker.Inference;

/// <summary>
/// Instructions of the CPU that multiply and add 8-bit integers. Without them, products of two neighbors saturate at 16 bits, or slower
/// kernels avoid it, see <see cref="SessionSettings"/>.
/// </summary>
/// <param name="DotProduct">Name of the instructions, or null if the CPU has none.</param>
/// <param name="VectorBits">Width of the vectors that multiply float32 and 16-bit integers: 512, 256 or 128.</param>
public sealed record CpuFeatures(string? DotProduct, int VectorBits)
{
    private const int ExtendedFeatures = 7;
    private const int Avx512VnniBit = 11;
    private const int AvxVnniBit = 4;

    /// <summary>What this machine has.</summary>
    public static CpuFeatures Detected { get; } = new(DetectDotProduct(), Avx512BW.VL.IsSupported ? 512 : Avx2.IsSupported ? 256 : 128);

    // .NET has no class for AVX-512 VNNI, so the flags of the processor are read. The checks of AVX-512 and AVX2 add that the operating
    // system saves their registers.
    private static string? DetectDotProduct()
    {
        if (Dp.IsSupported)
        {
            return "the ARM dot product";
        }

        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < ExtendedFeatures)
        {
            return null;
        }

        return Avx512BW.VL.IsSupported && HasBit(X86Base.CpuId(ExtendedFeatures, 0).Ecx, Avx512VnniBit) ? "AVX-512 VNNI"
            : Avx2.IsSupported && HasBit(X86Base.CpuId(ExtendedFeatures, 1).Eax, AvxVnniBit) ? "AVX-VNNI"
            : null;
    }

    private static bool HasBit(int register, int bit) => (register >> bit & 1) == 1;
}
