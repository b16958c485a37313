using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Export;

/// <summary>The input of <see cref="BundleAssembler"/>.</summary>
internal sealed record AssemblyRequest
{
    /// <summary>The default of <see cref="FalseAlarms"/>.</summary>
    public const double DefaultFalseAlarms = 0.02;

    /// <summary>The default of <see cref="DecodeScale"/>.</summary>
    public const DecodeScale DefaultDecodeScale = DecodeScale.HalfReserve;

    /// <summary>Folder for <c>name/version</c>.</summary>
    public required string ModelsRoot { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Graph from <c>image</c> to <c>embedding</c> (unit length), with a shared trunk also to <c>features</c>.</summary>
    public required byte[] StageOne { get; init; }

    /// <summary>
    /// Graph from <c>image</c>, with a shared trunk from <c>features</c>, to <c>color_logits</c> and <c>shape_logits</c>.
    /// </summary>
    public required byte[] StageTwo { get; init; }

    /// <summary>Length of the embedding.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>Length of the features of a shared trunk; 0 = two separate networks.</summary>
    public int FeatureSize { get; init; }

    /// <summary>Side of the square input.</summary>
    public required int InputSize { get; init; }

    /// <summary>How images of 16 bits become 8 bits; null = the default rule.</summary>
    public string? SixteenBit { get; init; }

    /// <summary>Whether the worker may decode a JPEG at a fraction of its size.</summary>
    public DecodeScale DecodeScale { get; init; } = DefaultDecodeScale;

    public required LabelSet Labels { get; init; }

    /// <summary>Training images; they become the gallery.</summary>
    public required IReadOnlyList<LabeledImage> Training { get; init; }

    /// <summary>
    /// Validation images: the fusion constants are fitted on them, then they join the gallery. With fewer than 20, default constants are
    /// used.
    /// </summary>
    public required IReadOnlyList<LabeledImage> Validation { get; init; }

    /// <summary>
    /// The bundle whose fusion constants, thresholds and detector to take over; then there are no <see cref="Validation"/> images. Null =
    /// fit them.
    /// </summary>
    public ModelBundle? CalibrationFrom { get; init; }

    /// <summary>License of the weights; it depends on the licenses of the images.</summary>
    public required string License { get; init; }

    public string? Description { get; init; }

    /// <summary>License texts to copy into the bundle.</summary>
    public IReadOnlyList<string> LicenseFiles { get; init; } = [];

    /// <summary>How the networks were trained, for the model card.</summary>
    public IReadOnlyDictionary<string, string> TrainingSummary { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Maximum number of gallery rows per class, each the mean of similar images; 0 keeps one row per image.</summary>
    public int GalleryPerClass { get; init; }

    /// <summary>Augmented views per image that are averaged into its gallery row; 0 = the image alone.</summary>
    public int GalleryViews { get; init; } = 4;

    /// <summary>
    /// Strongly augmented views per validation image for fitting the fusion constants, in addition to the image itself. Images in
    /// production come from new scenes; constants fitted only on validation images would give overconfident answers there.
    /// </summary>
    public int CalibrationViews { get; init; } = 8;

    /// <summary>Store the gallery as fp16, which halves the file; cosines change by about 1e-4.</summary>
    public bool HalfGallery { get; init; }

    /// <summary>Target accuracy of accepted answers, which determines the thresholds; 0 accepts every answer.</summary>
    public double Accuracy { get; init; }

    /// <summary>Thresholds to take over; null = those for <see cref="Accuracy"/>.</summary>
    public UnknownThresholds? Thresholds { get; init; }

    /// <summary>
    /// Share of good images that the unknown detector may hold back, 0..0.5; it determines its threshold. 0 = no detector.
    /// </summary>
    public double FalseAlarms { get; init; } = DefaultFalseAlarms;

    /// <summary>Images that show no part, for the unknown detector; may be empty.</summary>
    public IReadOnlyList<LabeledImage> Junk { get; init; } = [];

    /// <summary>Number of golden images to record.</summary>
    public int GoldenImages { get; init; } = 12;

    /// <summary>Images to choose the golden images from; empty = <see cref="Validation"/>.</summary>
    public IReadOnlyList<LabeledImage> Golden { get; init; } = [];

    /// <summary>How to make 8-bit graphs; null = only float32.</summary>
    public Int8Options? Int8 { get; init; }

    /// <summary>Also make float16 graphs.</summary>
    public bool Fp16 { get; init; }

    /// <summary>Receives what is being done for the 8-bit graphs.</summary>
    public IProgress<string>? Int8Progress { get; init; }

    public DateTimeOffset Created { get; init; } = TimeProvider.System.GetUtcNow();
}
