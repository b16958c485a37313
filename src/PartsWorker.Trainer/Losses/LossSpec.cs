namespace PartsWorker.Trainer.Losses;

/// <summary>How the angle between an embedding and its class center is made harder than it is.</summary>
internal enum MarginKind
{
    /// <summary>No margin: normalized softmax.</summary>
    Softmax,

    /// <summary>cos(t + m): ArcFace, arXiv 1801.07698 equation 3.</summary>
    ArcFace,

    /// <summary>cos t - m: CosFace, arXiv 1801.09414.</summary>
    CosFace,

    /// <summary>psi(t) = (-1)^k cos(m t) - 2k, times the length of the embedding: SphereFace, arXiv 1704.08063.</summary>
    SphereFace,

    /// <summary>cos(m1 t + m2) - m3: ArcFace's equation 4.</summary>
    Combined,
}

/// <summary>The loss of one stage.</summary>
internal sealed record LossSpec
{
    public MarginKind Margin { get; init; } = MarginKind.ArcFace;

    /// <summary>m: radians for ArcFace, a cosine for CosFace, the factor of the angle for SphereFace.</summary>
    public float M { get; init; } = 0.5f;

    /// <summary>Factor, angle and cosine of the combined margin.</summary>
    public float M1 { get; init; } = 1;

    public float M2 { get; init; } = 0.3f;

    public float M3 { get; init; } = 0.2f;

    /// <summary>
    /// s: what the cosines are multiplied with. 64 suits thousands of classes; a hundred classes train better at 16 to 32.
    /// </summary>
    public float Scale { get; init; } = 64;

    /// <summary>Use the margin only where cos t > 0.</summary>
    public bool EasyMargin { get; init; }

    /// <summary>Centers per class; the nearest one counts (sub-center ArcFace).</summary>
    public int SubCenters { get; init; } = 1;

    /// <summary>Share of the target spread evenly over all classes.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Weight of the shape loss beside the color loss.</summary>
    public float ShapeWeight { get; init; } = 1;

    /// <summary>
    /// Weight of what the other stage learns: stage one also names color and shape from its embedding, stage two also names the class.
    /// These heads are not exported; a label printed on the part, say, tells a color that the pixels alone do not.
    /// </summary>
    public float Auxiliary { get; init; }
}
