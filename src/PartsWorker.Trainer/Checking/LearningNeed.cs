namespace PartsWorker.Trainer.Checking;

/// <summary>How much further images of a class would help.</summary>
/// <param name="Name">Class name.</param>
/// <param name="Images">Images that the curve is measured on.</param>
/// <param name="Recall">Recall of the nearest image, 0..1, with 25, 50 and 100 % of the class's images in the gallery.</param>
/// <param name="More">Number of further images that the estimate is for.</param>
/// <param name="Expected">Recall with that many more images, 0..1.</param>
/// <param name="Low">Lower end of the estimate.</param>
/// <param name="High">Upper end of the estimate.</param>
internal sealed record LearningNeed(
    string Name, int Images, IReadOnlyList<double> Recall, int More, double Expected, double Low, double High)
{
    // Less than one image in a hundred is below what the photos of a class can show.
    private const double SmallestGain = 0.01;

    public double Gain => Expected - Recall[^1];

    public bool Helps => Gain >= SmallestGain;

    /// <summary>One sentence.</summary>
    public string Text => Helps
        ? $"{More} more images of {Name} would raise its recall from about {Recall[^1]:0.00} to about {Expected:0.00} "
            + $"({Low:0.00} to {High:0.00})"
        : $"{Name}: no gain expected from {More} more images (recall about {Recall[^1]:0.00})";
}
