namespace PartsWorker.Bundles.Bundle;

/// <summary>The fusion rule of a bundle and its constants, fitted on validation data.</summary>
public sealed record FusionConstants
{
    /// <summary>How the hits of a class become evidence for it; see <see cref="EvidenceRules"/>.</summary>
    public string Rule { get; init; } = EvidenceRules.MaxHit;

    /// <summary>Temperature of the cosine scores, above 0.</summary>
    public required double T1 { get; init; }

    /// <summary>Temperature of the color head, above 0.</summary>
    public required double Tc { get; init; }

    /// <summary>Temperature of the shape head, above 0.</summary>
    public required double Ts { get; init; }

    /// <summary>Weight of the color head, 0 or more.</summary>
    public required double Wc { get; init; }

    /// <summary>Weight of the shape head, 0 or more.</summary>
    public required double Ws { get; init; }
}

/// <summary>Below either threshold the decision is <c>unknown</c>. The defaults accept every image.</summary>
public sealed record UnknownThresholds
{
    /// <summary>Lowest fused confidence of an accepted answer, 0..1.</summary>
    public double Confidence { get; init; }

    /// <summary>Lowest cosine of the best hit of an accepted answer, -1..1.</summary>
    public double Similarity { get; init; } = -1;
}
