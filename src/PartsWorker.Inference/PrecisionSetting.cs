using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>The precision to classify in.</summary>
public enum PrecisionSetting
{
    /// <summary>int8 on a CPU that has the instructions, fp16 on a GPU, if the bundle has such graphs; otherwise fp32.</summary>
    Auto,

    Fp32,

    /// <summary>float16; a bundle without such graphs is refused.</summary>
    Fp16,

    /// <summary>8-bit integers on the CPU; a bundle without such graphs is refused.</summary>
    Int8,
}

/// <summary>Converts between precisions and their settings.</summary>
public static class PrecisionSettings
{
    /// <summary>The setting that selects exactly this precision.</summary>
    public static PrecisionSetting Of(Precision precision) => precision switch
    {
        Precision.Fp16 => PrecisionSetting.Fp16,
        Precision.Int8 => PrecisionSetting.Int8,
        _ => PrecisionSetting.Fp32,
    };
}
