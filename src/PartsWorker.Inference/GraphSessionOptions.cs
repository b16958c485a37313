namespace PartsWorker.Inference;

/// <summary>Options of a graph session.</summary>
/// <param name="Threads">Threads of one run; 0 = one per core.</param>
/// <param name="Device"><see cref="ExecutionDevice.Cpu"/>, or <see cref="ExecutionDevice.Cuda"/> for the first GPU.</param>
public sealed record GraphSessionOptions(int Threads = 0, ExecutionDevice Device = ExecutionDevice.Cpu);
