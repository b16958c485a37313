using PartsWorker.Client;

namespace PartsWorker.Publishing;

/// <summary>What the person asked to be published, and as what.</summary>
/// <param name="Paths">Files, folders and globs.</param>
/// <param name="Line">Production line of the images.</param>
/// <param name="Camera">Camera that took them.</param>
/// <param name="Lane">Where they queue.</param>
/// <param name="BaseUri">How workers see the folder that was named, when they do not see it as a local file; null for file:///.</param>
internal sealed record PublishRequest(IReadOnlyList<string> Paths, string Line, string Camera, Lane Lane, Uri? BaseUri);

/// <summary>One file to publish, and the folder that its place under a base URI is counted from.</summary>
internal sealed record PublishFile(string Path, string Root, DateTimeOffset Modified);
