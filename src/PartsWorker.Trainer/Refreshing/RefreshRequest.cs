using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>The input of <see cref="Refresher"/>.</summary>
internal sealed record RefreshRequest
{
    public required ModelBundle Serving { get; init; }

    public required RefreshData Data { get; init; }

    /// <summary>Folder for checkpoints, decoded images and the candidate.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Folder for <c>name/version</c>.</summary>
    public required string ModelsRoot { get; init; }

    /// <summary>Name of the new version.</summary>
    public required string Version { get; init; }

    /// <summary>Images that show no part, for the unknown detector; null = draw them.</summary>
    public IReadOnlyList<LabeledImage>? Junk { get; init; }

    public FineTuning Schedule { get; init; } = new();

    /// <summary>Largest accepted loss on the frozen set, in points.</summary>
    public double Margin { get; init; } = RefreshVerdict.DefaultMargin;

    /// <summary>Write the version even if it is not better.</summary>
    public bool Keep { get; init; }
}
