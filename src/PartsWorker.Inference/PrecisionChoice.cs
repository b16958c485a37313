using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>Chooses the precision of a bundle for a device.</summary>
/// <param name="Precision">The graphs to load.</param>
/// <param name="Reason">Why, for the log.</param>
internal sealed record PrecisionChoice(Precision Precision, string Reason)
{
    /// <exception cref="BundleException">The bundle lacks the configured precision, or the device does not run it.</exception>
    public static PrecisionChoice Make(ModelBundle bundle, PrecisionSetting setting, bool cuda, CpuFeatures cpu)
    {
        if (setting == PrecisionSetting.Auto)
        {
            return Automatic(bundle.Precisions, cuda, cpu);
        }

        var wanted = setting switch
        {
            PrecisionSetting.Fp16 => Precision.Fp16,
            PrecisionSetting.Int8 => Precision.Int8,
            _ => Precision.Fp32,
        };
        bundle.FilesOf(wanted);
        if (wanted == Precision.Int8 && cuda)
        {
            throw new BundleException(
                $"{bundle.Key}: its int8 graphs run on a CPU only; set Inference:Precision to auto, or Inference:Device to cpu");
        }

        return new(wanted, "as configured");
    }

    // Without a dot product, the kernels that cannot saturate were measured with AVX2 only: 1.2 times the speed of fp32, half of the
    // memory.
    private static PrecisionChoice Automatic(IReadOnlyList<Precision> available, bool cuda, CpuFeatures cpu)
    {
        if (cuda)
        {
            return available.Contains(Precision.Fp16)
                ? new(Precision.Fp16, "the bundle has fp16 graphs")
                : new(Precision.Fp32, "the bundle has no fp16 graphs");
        }

        return !available.Contains(Precision.Int8) ? new(Precision.Fp32, "the bundle has no int8 graphs")
            : cpu.DotProduct is { } instructions ? new(Precision.Int8, $"this CPU has {instructions}")
            : cpu.VectorBits == 256 ? new(Precision.Int8, "this CPU has AVX2")
            : new(Precision.Fp32, "this CPU has no dot product of 8-bit integers");
    }
}
