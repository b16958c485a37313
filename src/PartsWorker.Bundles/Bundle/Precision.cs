namespace PartsWorker.Bundles.Bundle;

/// <summary>The number format in which graphs of a bundle compute.</summary>
public enum Precision
{
    /// <summary>float32, the graphs that every bundle has.</summary>
    Fp32,

    /// <summary>float16, for GPUs.</summary>
    Fp16,

    /// <summary>8-bit integers, for CPUs.</summary>
    Int8,
}

/// <summary>Names of precisions in manifests, SQL and messages.</summary>
public static class Precisions
{
    public const string Fp32 = "fp32";
    public const string Fp16 = "fp16";
    public const string Int8 = "int8";

    public static string NameOf(Precision precision) => precision switch
    {
        Precision.Fp16 => Fp16,
        Precision.Int8 => Int8,
        _ => Fp32,
    };
}
