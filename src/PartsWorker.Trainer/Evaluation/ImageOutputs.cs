namespace PartsWorker.Trainer.Evaluation;

/// <summary>The outputs of both networks for one image, and its true class.</summary>
internal sealed record ImageOutputs
{
    public required string Path { get; init; }

    public required int ClassId { get; init; }

    /// <summary>Unit vector from the embedder.</summary>
    public required float[] Embedding { get; init; }

    /// <summary>Features of the shared trunk; empty in a bundle with two networks.</summary>
    public float[] Features { get; init; } = [];

    /// <summary>Cosines of the hits, descending.</summary>
    public required float[] Scores { get; init; }

    /// <summary>Gallery rows of the hits.</summary>
    public required long[] Indices { get; init; }

    public required float[] ColorLogits { get; init; }

    public required float[] ShapeLogits { get; init; }
}
