namespace PartsWorker.Inference;

/// <summary>The device that runs the graphs.</summary>
public enum ExecutionDevice
{
    /// <summary>CUDA if available, otherwise the CPU. The log contains the choice.</summary>
    Auto,

    /// <summary>CUDA; the program stops if it is not available.</summary>
    Cuda,

    /// <summary>The CPU, even if there is a GPU.</summary>
    Cpu,
}
