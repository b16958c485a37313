using System.Text.Json;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>One image, and what another decoder and resizer made of it.</summary>
internal sealed record GoldenImage
{
    public required string File { get; init; }

    /// <summary>The letterboxed image as PNG.</summary>
    public required string Letterboxed { get; init; }

    /// <summary>Size after EXIF orientation.</summary>
    public required int DecodedWidth { get; init; }

    public required int DecodedHeight { get; init; }

    public required string DecodedSha256 { get; init; }

    public required string LetterboxedSha256 { get; init; }
}

/// <summary>The 66 images in <c>Golden/</c>, recorded with Pillow; no code of ours had a hand in them.</summary>
internal static class GoldenImages
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "PartsWorker.Bundles.Tests", "Golden");

    /// <summary>How they were letterboxed.</summary>
    public static PreprocessingRecipe Recipe { get; } = new() { Size = 96 };

    public static IReadOnlyList<GoldenImage> All { get; } =
        JsonSerializer.Deserialize<Recorded>(Read("golden.json"), JsonSerializerOptions.Web)!.Images;

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    private sealed record Recorded(IReadOnlyList<GoldenImage> Images);
}
