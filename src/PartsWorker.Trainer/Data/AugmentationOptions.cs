namespace PartsWorker.Trainer.Data;

/// <summary>
/// How a training image is varied each time it is shown. Ranges are symmetric unless both ends are given; 0 switches off.
/// </summary>
internal sealed record AugmentationOptions
{
    /// <summary>Probability of a mirrored image.</summary>
    public float Mirror { get; init; } = 0.5f;

    /// <summary>Smallest and largest part of the image's side that is shown; above 1 the image shrinks inside a black frame.</summary>
    public float MinView { get; init; } = 0.62f;

    public float MaxView { get; init; } = 1.15f;

    /// <summary>Stretch of width against height.</summary>
    public float Aspect { get; init; } = 0.12f;

    /// <summary>Degrees.</summary>
    public float Rotation { get; init; } = 15;

    public float Brightness { get; init; } = 0.3f;

    public float Contrast { get; init; } = 0.3f;

    public float Saturation { get; init; } = 0.3f;

    /// <summary>Gain of each color channel on its own: light of another tint.</summary>
    public float ChannelGain { get; init; } = 0.06f;

    /// <summary>Probability of a blur, with a Gaussian of up to <see cref="BlurSigma"/> pixels.</summary>
    public float Blur { get; init; } = 0.1f;

    public float BlurSigma { get; init; } = 1.2f;

    /// <summary>Probability that rectangles are blanked.</summary>
    public float Dropout { get; init; } = 0.15f;

    /// <summary>Most rectangles at a time.</summary>
    public int DropoutHoles { get; init; } = 1;

    /// <summary>Smallest and largest side of a rectangle, as a part of the image.</summary>
    public float DropoutMin { get; init; } = 0.15f;

    public float DropoutMax { get; init; } = 0.4f;

    /// <summary>
    /// Probability that two images of a batch swap a rectangle, and with it that share of their labels (CutMix, arXiv 1905.04899).
    /// </summary>
    public float CutMix { get; init; }

    /// <summary>Probability that two images of a batch are blended instead, labels alike (mixup, arXiv 1710.09412).</summary>
    public float Blend { get; init; }

    /// <summary>For the embedder: hard, because the class must survive everything.</summary>
    public static AugmentationOptions Embedder { get; } = new();

    /// <summary>For the color and shape heads: gentle on color.</summary>
    public static AugmentationOptions Meta { get; } = new() { MinView = 0.65f, Saturation = 0.2f, ChannelGain = 0.03f, Dropout = 0.1f };

    /// <summary>For images that come from other scenes than those trained on: nearer and farther, other light, parts hidden.</summary>
    public static AugmentationOptions Scenes { get; } = new()
    {
        MinView = 0.42f, Aspect = 0.2f, Rotation = 20, Brightness = 0.35f, Contrast = 0.35f, ChannelGain = 0.1f, Blur = 0.15f,
        Dropout = 0.3f, DropoutMax = 0.45f,
    };

    /// <summary>For few images taken by hand: held at other angles, from nearer, in light of another tint, and mixed in pairs.</summary>
    public static AugmentationOptions Handheld { get; } = new()
    {
        MinView = 0.55f,
        Aspect = 0.15f,
        Rotation = 35,
        ChannelGain = 0.1f,
        CutMix = 0.3f,
    };

    /// <summary>For a camera that hangs still: distance, angle and light hardly change, and all views are in the images already.</summary>
    public static AugmentationOptions LineCamera { get; } = new()
    {
        MinView = 0.8f, MaxView = 1.1f, Aspect = 0.05f, Brightness = 0.15f, Contrast = 0.15f, Saturation = 0.15f,
        ChannelGain = 0.03f, Dropout = 0.1f, DropoutMax = 0.3f,
    };

    /// <summary>Brightness and contrast by 0.2 and one to four large holes: what the dual model of the seeds used.</summary>
    public static AugmentationOptions Seed { get; } = None with
    {
        Brightness = 0.2f,
        Contrast = 0.2f,
        Dropout = 1,
        DropoutHoles = 4,
        DropoutMin = 50 / 260f,
        DropoutMax = 100 / 260f,
    };

    /// <summary>The image as it is.</summary>
    public static AugmentationOptions None => new()
    {
        Mirror = 0, MinView = 1, MaxView = 1, Aspect = 0, Rotation = 0, Brightness = 0, Contrast = 0, Saturation = 0,
        ChannelGain = 0, Blur = 0, Dropout = 0,
    };

    /// <summary>The last stretch of a run: views close to what is served, the rest unchanged.</summary>
    public AugmentationOptions Calmed() =>
        this with { MinView = Math.Max(MinView, 0.8f), Rotation = Rotation * 0.5f, CutMix = 0, Blend = 0 };
}
