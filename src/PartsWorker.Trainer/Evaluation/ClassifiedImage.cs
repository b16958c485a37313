using PartsWorker.Bundles.Fusion;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>An image and its classification; the verdict lists every candidate.</summary>
/// <param name="Path">The file.</param>
/// <param name="TrueClass">True class id.</param>
/// <param name="Verdict">Classification by the bundle.</param>
/// <param name="TrueProbability">Fused probability of the true class; 0 when it is not among the candidates.</param>
/// <param name="Rank">Rank of the true class, 0 = first; <see cref="int.MaxValue"/> when it is not among the candidates.</param>
internal sealed record ClassifiedImage(string Path, int TrueClass, Verdict Verdict, double TrueProbability, int Rank)
{
    /// <summary>The fused class before the unknown thresholds.</summary>
    public int Answer => Verdict.Top5[0].ClassId;

    public bool Right => Answer == TrueClass;
}
