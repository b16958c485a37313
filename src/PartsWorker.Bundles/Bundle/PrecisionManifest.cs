namespace PartsWorker.Bundles.Bundle;

/// <summary>The graphs of one more precision, and the outputs that they must give. Tensor names and sizes are those of fp32.</summary>
public sealed record PrecisionManifest
{
    /// <summary>Graph of the embedder; null = the one of fp32.</summary>
    public string? StageOne { get; init; }

    /// <summary>Graph of the meta model; null = the one of fp32.</summary>
    public string? StageTwo { get; init; }

    /// <summary>Golden outputs of these graphs, for the golden images of the bundle.</summary>
    public required string Golden { get; init; }
}

/// <summary>The files of a bundle for one precision.</summary>
public sealed record PrecisionFiles(string StageOne, string StageTwo, string Golden);
