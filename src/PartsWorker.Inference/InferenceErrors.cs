namespace PartsWorker.Inference;

/// <summary>CUDA was asked for and does not work here. One line with the reason and the remedy.</summary>
public sealed class DeviceUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A graph failed while running a batch.</summary>
public sealed class ModelFailureException(string message, Exception? inner = null) : Exception(message, inner);
