namespace PartsWorker.Faults.Cluster;

/// <param name="Port">Port of the node for other nodes.</param>
/// <param name="Versions">Its type, protocol, and highest and lowest version, as it registered them: 6 bytes.</param>
internal sealed record NodeEntry(int Port, byte[] Versions);
