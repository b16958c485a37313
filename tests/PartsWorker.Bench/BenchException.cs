namespace PartsWorker.Bench;

/// <summary>A measurement that cannot continue; one line.</summary>
internal sealed class BenchException(string message) : Exception(message);
