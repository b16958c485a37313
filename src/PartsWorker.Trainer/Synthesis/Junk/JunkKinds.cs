namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Draws one image of a kind; the same numbers give the same image.</summary>
internal delegate Canvas JunkPainter(ref Dice dice);

/// <summary>A kind of image that shows no part of any catalog.</summary>
/// <param name="Name">Folder of its images.</param>
/// <param name="Paint">Draws one image.</param>
internal sealed record JunkKind(string Name, JunkPainter Paint)
{
    /// <summary>All kinds. The position of a kind is part of its random numbers, so new kinds belong at the end.</summary>
    public static IReadOnlyList<JunkKind> All { get; } =
    [
        new("single-color", FlatImages.SingleColor),
        new("gradient", FlatImages.Gradient),
        new("pixel-noise", NoiseImages.Pixels),
        new("smooth-noise", NoiseImages.Smooth),
        new("pattern", Patterns.Regular),
        new("test-pattern", TestPatterns.Chart),
        new("dark-frame", Exposures.Dark),
        new("overexposed", Exposures.Bright),
        new("blurred-scene", BlurredScene.Paint),
        new("empty-belt", EmptyBelt.Paint),
        new("hand", Hands.Paint),
        new("packaging", Packaging.Paint),
        new("foil", Foil.Paint),
        new("polygons", Polygons.Paint),
        new("cables", Cables.Paint),
        new("fabric", Fabric.Paint),
        new("foreign-part", ForeignParts.Paint),
    ];
}
