using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// How a training image is augmented each time it is used. Ranges are symmetric unless both ends are given; 0 switches an effect off.
/// </summary>
internal sealed record AugmentationOptions
{
    /// <summary>Probability of mirroring the image.</summary>
    public float Mirror { get; init; } = 0.5f;

    /// <summary>Smallest and largest share of the image's side that is visible; above 1 the image shrinks inside a black frame.</summary>
    public float MinView { get; init; } = 0.62f;

    public float MaxView { get; init; } = 1.15f;

    /// <summary>Change of the aspect ratio.</summary>
    public float Aspect { get; init; } = 0.12f;

    /// <summary>Rotation in degrees.</summary>
    public float Rotation { get; init; } = 15;

    public float Brightness { get; init; } = 0.3f;

    public float Contrast { get; init; } = 0.3f;

    public float Saturation { get; init; } = 0.3f;

    /// <summary>Gain per color channel, which simulates tinted light.</summary>
    public float ChannelGain { get; init; } = 0.06f;

    /// <summary>Probability of a blur, with a Gaussian of up to <see cref="BlurSigma"/> pixels.</summary>
    public float Blur { get; init; } = 0.1f;

    public float BlurSigma { get; init; } = 1.2f;

    /// <summary>Probability of blanking rectangles.</summary>
    public float Dropout { get; init; } = 0.15f;

    /// <summary>Maximum number of rectangles.</summary>
    public int DropoutHoles { get; init; } = 1;

    /// <summary>Smallest and largest side of a rectangle, as a share of the image's side.</summary>
    public float DropoutMin { get; init; } = 0.15f;

    public float DropoutMax { get; init; } = 0.4f;

    /// <summary>
    /// Probability that two images of a batch swap a rectangle and the same share of their labels (CutMix, arXiv 1905.04899).
    /// </summary>
    public float CutMix { get; init; }

    /// <summary>Probability that two images of a batch are blended together with their labels (mixup, arXiv 1710.09412).</summary>
    public float Blend { get; init; }

    /// <summary>For the embedder: strong, because the class must not depend on view or light.</summary>
    public static AugmentationOptions Embedder { get; } = new();

    /// <summary>For the meta model: weaker changes of color.</summary>
    public static AugmentationOptions Meta { get; } = new() { MinView = 0.65f, Saturation = 0.2f, ChannelGain = 0.03f, Dropout = 0.1f };

    /// <summary>For images from scenes outside the training data: other distances, other light, partly hidden parts.</summary>
    public static AugmentationOptions Scenes { get; } = new()
    {
        MinView = 0.42f, Aspect = 0.2f, Rotation = 20, Brightness = 0.35f, Contrast = 0.35f, ChannelGain = 0.1f, Blur = 0.15f,
        Dropout = 0.3f, DropoutMax = 0.45f,
    };

    /// <summary>For small sets of handheld photos: larger rotation, closer views, tinted light, and images mixed in pairs.</summary>
    public static AugmentationOptions Handheld { get; } = new()
    {
        MinView = 0.55f,
        Aspect = 0.15f,
        Rotation = 35,
        ChannelGain = 0.1f,
        CutMix = 0.3f,
    };

    /// <summary>For a pretrained network on few photos: close views, moderate rotation, covered parts, images mixed in pairs.</summary>
    public static AugmentationOptions Transfer { get; } = new()
    {
        MinView = 0.5f, MaxView = 1.05f, Aspect = 0.2f, Rotation = 20, ChannelGain = 0.08f, Dropout = 0.25f, CutMix = 0.3f,
    };

    /// <summary>For a fixed camera: distance, angle and light hardly change, and the images already contain all views.</summary>
    public static AugmentationOptions LineCamera { get; } = new()
    {
        MinView = 0.8f, MaxView = 1.1f, Aspect = 0.05f, Brightness = 0.15f, Contrast = 0.15f, Saturation = 0.15f,
        ChannelGain = 0.03f, Dropout = 0.1f, DropoutMax = 0.3f,
    };

    /// <summary>For the preset <c>dual</c>: brightness and contrast by 0.2, and one to four large blank rectangles.</summary>
    public static AugmentationOptions Dual { get; } = None with
    {
        Brightness = 0.2f,
        Contrast = 0.2f,
        Dropout = 1,
        DropoutHoles = 4,
        DropoutMin = 50 / 260f,
        DropoutMax = 100 / 260f,
    };

    /// <summary>No augmentation.</summary>
    public static AugmentationOptions None => new()
    {
        Mirror = 0, MinView = 1, MaxView = 1, Aspect = 0, Rotation = 0, Brightness = 0, Contrast = 0, Saturation = 0,
        ChannelGain = 0, Blur = 0, Dropout = 0,
    };

    /// <summary>The sets that the command line knows.</summary>
    public static IReadOnlyDictionary<string, AugmentationOptions> Named { get; } = new SortedDictionary<string, AugmentationOptions>
    {
        ["handheld"] = Handheld,
        ["line-camera"] = LineCamera,
        ["none"] = None,
        ["scenes"] = Scenes,
        ["transfer"] = Transfer,
    };

    /// <summary>Name of the set that equals these options, apart from mirroring and mixing; "custom" if there is none.</summary>
    [JsonIgnore]
    public string Name =>
        Named.FirstOrDefault(n => n.Value with { Mirror = Mirror, CutMix = CutMix, Blend = Blend } == this).Key ?? "custom";

    /// <summary>For the last steps of a run: views close to those in production, the rest unchanged.</summary>
    public AugmentationOptions ForFinalSteps() =>
        this with { MinView = Math.Max(MinView, 0.8f), Rotation = Rotation * 0.5f, CutMix = 0, Blend = 0 };
}
