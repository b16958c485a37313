namespace PartsWorker.Client;

/// <summary>A message that is not an <see cref="ImageReference"/>. The text is one line: the field and what is wrong with it.</summary>
public sealed class BadMessageException(string message, Exception? inner = null) : Exception(message, inner);
