namespace PartsWorker.Bundles.Bundle;

/// <summary>A model bundle cannot be used. The message is one line that names the bundle or file and what is wrong with it.</summary>
public sealed class BundleException(string message, Exception? inner = null) : Exception(message, inner);
