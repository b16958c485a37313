namespace PartsWorker.Trainer.Checking;

/// <summary>Thresholds of the checks.</summary>
internal sealed record CheckOptions
{
    /// <summary>
    /// Classes with fewer images are reported, 1 or more. With 8 images, 2 are set aside for validation and 6 remain for training.
    /// </summary>
    public int FewImages { get; init; } = 8;

    /// <summary>Side of the network's input in pixels; smaller images are enlarged and reported.</summary>
    public int TrainingSize { get; init; } = 96;

    /// <summary>
    /// Ratio of the largest to the smallest class above which imbalance is reported. Training takes every image once per epoch, so a
    /// class with a tenth of the images has a tenth of the influence.
    /// </summary>
    public double Imbalance { get; init; } = 10;

    /// <summary>Contrast in gray levels, 0..255, below which an image shows nothing.</summary>
    public float FlatContrast { get; init; } = 2;

    /// <summary>
    /// Highest probability of the given label, 0..1, at which an image is a label suspect. Measured on photos with planted wrong labels
    /// that the bundle has not seen: 1 % finds 95 % of them, and 77 % of the suspects are wrong labels; at 5 % only half of them are.
    /// </summary>
    public double SuspectProbability { get; init; } = 0.01;

    /// <summary>How many label suspects to list, 1 or more.</summary>
    public int Top { get; init; } = 50;

    /// <summary>Number of further images per class whose effect is estimated, 1 or more; at most as many as the class has.</summary>
    public int MoreImages { get; init; } = 20;
}
