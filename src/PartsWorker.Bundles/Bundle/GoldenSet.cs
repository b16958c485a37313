namespace PartsWorker.Bundles.Bundle;

/// <summary><c>golden/golden.json</c>: a few images and the outputs the bundle must give for them.</summary>
public sealed record GoldenSet
{
    public const string FileName = "golden/golden.json";

    /// <summary>Largest absolute difference allowed on float32 CPU in embedding, scores, logits and confidence.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>What computed the outputs.</summary>
    public string? Origin { get; init; }

    public required IReadOnlyList<GoldenImage> Images { get; init; }
}

/// <summary>One golden image: the file, its exact network input as a lossless image, and what follows from it.</summary>
public sealed record GoldenImage
{
    /// <summary>The original file, relative to <c>golden/</c>.</summary>
    public required string File { get; init; }

    /// <summary>The letterboxed S x S image as PNG, relative to <c>golden/</c>.</summary>
    public required string Letterboxed { get; init; }

    public string? Note { get; init; }

    public int? TrueClass { get; init; }

    /// <summary>Size after EXIF orientation.</summary>
    public required int DecodedWidth { get; init; }

    public required int DecodedHeight { get; init; }

    /// <summary>SHA-256 of the decoded RGB bytes; equal only where the decoder is bit-exact with the one that recorded it.</summary>
    public string? DecodedSha256 { get; init; }

    /// <summary>SHA-256 of the S*S*3 letterboxed RGB bytes.</summary>
    public required string LetterboxedSha256 { get; init; }

    /// <summary>The embedding, or its first values.</summary>
    public required float[] Embedding { get; init; }

    public required float[] Scores { get; init; }

    public required long[] Indices { get; init; }

    public required float[] ColorLogits { get; init; }

    public required float[] ShapeLogits { get; init; }

    public required int Top1ClassId { get; init; }

    /// <summary>The fused class before the unknown thresholds.</summary>
    public required int ClassId { get; init; }

    public required double Confidence { get; init; }

    public required int FilterClassId { get; init; }

    public required string FilterPath { get; init; }
}
