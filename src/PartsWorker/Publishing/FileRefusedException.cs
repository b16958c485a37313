namespace PartsWorker.Publishing;

/// <summary>No reference can name this file; trying again does not help.</summary>
internal sealed class FileRefusedException(string reason) : IOException(reason);

/// <summary>The file changed while it was read, so its checksum means nothing.</summary>
internal sealed class FileChangedException() : IOException("the file changed while it was read");
