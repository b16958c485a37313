using PartsWorker.Client;

namespace PartsWorker.Publishing;

/// <summary>What to publish, and under which line and camera.</summary>
/// <param name="Paths">Files, folders and globs.</param>
/// <param name="Line">Production line of the images.</param>
/// <param name="Camera">Camera that captured them.</param>
/// <param name="Lane">Lane of the references.</param>
/// <param name="BaseUri">URI of the folder for workers that cannot read it as a local file; null for file:///.</param>
internal sealed record PublishRequest(IReadOnlyList<string> Paths, string Line, string Camera, Lane Lane, Uri? BaseUri);

/// <summary>One file to publish, and the folder that its path below the base URI is relative to.</summary>
internal sealed record PublishFile(string Path, string Root, DateTimeOffset Modified);
