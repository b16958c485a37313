using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Export;

/// <summary>Everything a bundle is made of but what <see cref="BundleAssembler"/> measures itself.</summary>
internal sealed record AssemblyRequest
{
    /// <summary>Folder that holds <c>name/version</c>.</summary>
    public required string ModelsRoot { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Graph from <c>image</c> to <c>embedding</c> (unit length).</summary>
    public required byte[] StageOne { get; init; }

    /// <summary>Graph from <c>image</c> to <c>color_logits</c> and <c>shape_logits</c>.</summary>
    public required byte[] StageTwo { get; init; }

    /// <summary>Length of the embedding.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>Side of the square input.</summary>
    public required int InputSize { get; init; }

    /// <summary>Whether the worker may decode a JPEG at a fraction of its size.</summary>
    public DecodeScale DecodeScale { get; init; } = DecodeScale.Full;

    public required LabelSet Labels { get; init; }

    /// <summary>Images the networks learned from; they make the gallery.</summary>
    public required IReadOnlyList<LabeledImage> Training { get; init; }

    /// <summary>
    /// Images set aside: fusion is fitted on them, then they join the gallery. Fewer than 20: general constants are used.
    /// </summary>
    public required IReadOnlyList<LabeledImage> Validation { get; init; }

    /// <summary>License of the weights, which follows from the images.</summary>
    public required string License { get; init; }

    public string? Description { get; init; }

    /// <summary>Files with license texts that go into the bundle.</summary>
    public IReadOnlyList<string> LicenseFiles { get; init; } = [];

    /// <summary>How it was trained, for the model card: network, loss, epochs ... in words.</summary>
    public IReadOnlyDictionary<string, string> TrainingSummary { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Hits per image.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>Most gallery rows of one class, each the mean of images alike; 0 keeps every image as a row.</summary>
    public int GalleryPerClass { get; init; }

    /// <summary>Views of each image whose embeddings its gallery row averages, beside the image itself; 0 = the image alone.</summary>
    public int GalleryViews { get; init; } = 4;

    /// <summary>
    /// Hard views of each validation image that fusion is fitted on, beside the image itself. Images in service come from scenes that
    /// neither training nor validation shows; constants fitted on easy images promise too much there.
    /// </summary>
    public int CalibrationViews { get; init; } = 8;

    /// <summary>Store the gallery as fp16 (half the file; cosines move by about 1e-4).</summary>
    public bool HalfGallery { get; init; }

    /// <summary>Wanted accuracy of accepted answers; decides the unknown threshold. 0 never says unknown.</summary>
    public double Accuracy { get; init; }

    /// <summary>Golden images to record.</summary>
    public int GoldenImages { get; init; } = 12;

    /// <summary>Images to choose them from; none = those of <see cref="Validation"/>.</summary>
    public IReadOnlyList<LabeledImage> Golden { get; init; } = [];

    public DateTimeOffset Created { get; init; } = TimeProvider.System.GetUtcNow();
}
