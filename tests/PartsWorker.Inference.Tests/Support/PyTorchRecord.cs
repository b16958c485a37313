using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference.Tests.Support;

/// <summary><c>golden/golden.json</c> of ../shared/reference.</summary>
internal sealed record PyTorchRecord
{
    public required int InputSize { get; init; }

    public required int Topk { get; init; }

    public required int EmbeddingSize { get; init; }

    public required int GalleryRows { get; init; }

    public required IReadOnlyList<PyTorchImage> Images { get; init; }
}

/// <summary>An image and PyTorch's outputs for it.</summary>
internal sealed record PyTorchImage
{
    public required string File { get; init; }

    public required string LetterboxedPng { get; init; }

    public required int DecodedWidth { get; init; }

    public required int DecodedHeight { get; init; }

    public required string LetterboxedRgbSha256 { get; init; }

    public required float[] Embedding8 { get; init; }

    public required float[] Scores { get; init; }

    public required long[] Indices { get; init; }

    public required float[] ColorLogits { get; init; }

    public required float[] ShapeLogits { get; init; }

    public required int Top1Class { get; init; }

    public required int FusedClass { get; init; }

    public required double Confidence { get; init; }

    public required int FilterClass { get; init; }

    public required string FilterPath { get; init; }

    public GoldenImage ToGolden() => new()
    {
        File = File,
        Letterboxed = LetterboxedPng,
        DecodedWidth = DecodedWidth,
        DecodedHeight = DecodedHeight,
        LetterboxedSha256 = LetterboxedRgbSha256,
        Embedding = Embedding8,
        Scores = Scores,
        Indices = Indices,
        ColorLogits = ColorLogits,
        ShapeLogits = ShapeLogits,
        Top1ClassId = Top1Class,
        ClassId = FusedClass,
        Confidence = Confidence,
        FilterClassId = FilterClass,
        FilterPath = FilterPath,
    };
}
