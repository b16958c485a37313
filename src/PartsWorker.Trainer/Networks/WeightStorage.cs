namespace PartsWorker.Trainer.Networks;

/// <summary>
/// How a bundle stores matrices and kernels. The graph converts them to float32 when a session loads, so the choice changes the size of the
/// file and not the speed.
/// </summary>
internal enum WeightStorage
{
    Fp32,

    /// <summary>Half the size.</summary>
    Fp16,

    /// <summary>A quarter of the size: 8 bits and one scale per output channel, symmetric.</summary>
    Int8,
}
