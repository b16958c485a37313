namespace PartsWorker.Trainer.Losses;

/// <summary>Margin on the angle between an embedding and its class center.</summary>
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

/// <summary>The loss of one network.</summary>
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
    /// s: factor on the cosines. 64 suits thousands of classes; a hundred classes train better with 16 to 32.
    /// </summary>
    public float Scale { get; init; } = 64;

    /// <summary>Apply the margin only where cos t > 0.</summary>
    public bool EasyMargin { get; init; }

    /// <summary>
    /// t - 1: extra weight of hard negatives, the classes whose cosine is above that of the own class after its margin (MV-Softmax,
    /// arXiv 1912.00833 equation 6). 0 turns it off; the paper uses 0.2.
    /// </summary>
    public float HardNegatives { get; init; }

    /// <summary>Centers per class; the nearest one is used (sub-center ArcFace).</summary>
    public int SubCenters { get; init; } = 1;

    /// <summary>Share of the target spread evenly over all classes.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Weight of the shape loss relative to the color loss.</summary>
    public float ShapeWeight { get; init; } = 1;

    /// <summary>Weight of the color and shape losses relative to the margin loss in a network with a shared trunk.</summary>
    public float MetaWeight { get; init; } = 0.5f;

    /// <summary>
    /// Weight of the auxiliary loss: the embedder also learns color and shape, the meta model also learns the class. These heads are not
    /// exported. They help with parts whose label, for example, determines a color that is hard to see.
    /// </summary>
    public float Auxiliary { get; init; }
}
