using PartsWorker.Client;

namespace PartsWorker.Publishing;

/// <summary>What to publish, and under which line and camera.</summary>
/// <param name="Paths">Files, folders and globs.</param>
/// <param name="Line">Production line of the images.</param>
/// <param name="Camera">Camera that captured them.</param>
/// <param name="Lane">Lane of the references.</param>
/// <param name="BaseUri">URI of the folder for workers that cannot read it as a local file; null for file:///.</param>
internal sealed record PublishRequest(IReadOnlyList<string> Paths, string Line, string Camera, Lane Lane, Uri? BaseUri)
{
    public static readonly TimeSpan DefaultSettle = TimeSpan.FromSeconds(1);

    /// <summary>Patterns of files and folders to leave out.</summary>
    public FileFilter Filter { get; init; } = new([]);

    /// <summary>How long a watched file must not change before it is published; 0.2 s to 1 h, default 1 s.</summary>
    public TimeSpan Settle { get; init; } = DefaultSettle;
}

/// <summary>One file to publish, and the folder that its path below the base URI is relative to.</summary>
internal sealed record PublishFile(string Path, string Root, DateTimeOffset CapturedAt);
