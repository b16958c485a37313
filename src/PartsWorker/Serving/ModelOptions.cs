using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Serving;

/// <summary>Section <c>Model</c>: which bundle classifies.</summary>
internal sealed class ModelOptions
{
    public const string Section = "Model";

    /// <summary>Folder of one bundle, <c>models/name/version</c>, served while SQL names no active model or cannot be read at the start.
    /// <value>Default empty = wait until SQL names one.</value></summary>
    public string Bundle { get; init; } = "";

    /// <summary>Folder that contains <c>name/version</c> folders.
    /// <value>Default empty = two levels above <see cref="Bundle"/>, else <c>models</c>.</value></summary>
    public string Root { get; init; } = "";

    /// <summary>Follow the active model in SQL. <value>Default true; false always serves <see cref="Bundle"/>.</value></summary>
    public bool Follow { get; init; } = true;

    /// <summary>How often to read the active model from SQL. <value>0.2 s..10 min, default 1 s: changed within 2 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:10:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Classify the bundle's golden images before serving it.
    /// <value>Default true: takes about a second, and a wrong model never serves.</value></summary>
    public bool Verify { get; init; } = true;

    /// <summary>Image decoder: <c>auto</c>, <c>imagesharp</c> or <c>libvips</c>. <value>Default auto: the decoder the bundle was made with,
    /// which is the cheaper for its recipe: imagesharp for full decoding, libvips for scaled decoding and for bundles older than
    /// 0.2.</value></summary>
    [Required]
    public string Decoder { get; init; } = "auto";

    internal string RootOrDefault =>
        Root.Length > 0 ? Root
        : Bundle.Length > 0 ? Path.GetFullPath(Path.Combine(Bundle, "..", ".."))
        : Path.GetFullPath("models");
}
