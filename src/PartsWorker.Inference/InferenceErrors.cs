namespace PartsWorker.Inference;

/// <summary>CUDA is configured but not available. The message is one line with the reason and the remedy.</summary>
public sealed class DeviceUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A graph failed during a run.</summary>
public sealed class ModelFailureException(string message, Exception? inner = null) : Exception(message, inner);
