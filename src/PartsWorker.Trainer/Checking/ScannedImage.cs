using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>An image that could be read, and what the checks compare.</summary>
internal sealed record ScannedImage
{
    public required LabeledImage Image { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size in the file, after EXIF orientation.</summary>
    public required ImageSize Size { get; init; }

    /// <summary>See <see cref="SceneDescriptor"/>.</summary>
    public required float[] Descriptor { get; init; }

    public required Tone Tone { get; init; }

    public string Path => Image.Path;

    public int ClassId => Image.ClassId;
}

/// <summary>The images of a data set, read once.</summary>
/// <param name="Images">Readable images, in the order of the data set.</param>
/// <param name="Skipped">Unreadable images.</param>
internal sealed record Scan(IReadOnlyList<ScannedImage> Images, IReadOnlyList<SkippedImage> Skipped);
