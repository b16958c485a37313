namespace PartsWorker.Inference;

/// <summary>Where the graphs run.</summary>
public enum ExecutionDevice
{
    /// <summary>CUDA where it works, else the CPU; which of the two is said once in the log.</summary>
    Auto,

    /// <summary>CUDA or nothing: where it does not work the program stops.</summary>
    Cuda,

    /// <summary>The CPU, even where there is a GPU.</summary>
    Cpu,
}
