namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Which decoder reads the images of a bundle: the named one, or, with <see cref="Auto"/>, the one the bundle was made with.
/// </summary>
public sealed class DecoderChoice
{
    public const string Auto = "auto";

    private readonly IImageDecoder? _named;

    /// <param name="name"><c>auto</c>, <c>imagesharp</c> or <c>libvips</c>.</param>
    /// <exception cref="ArgumentException">Not available here, or not a decoder; one line with the reason.</exception>
    public DecoderChoice(string name) =>
        _named = string.Equals(name, Auto, StringComparison.OrdinalIgnoreCase) ? null : ImageDecoders.Create(name.ToLowerInvariant());

    public IImageDecoder For(PreprocessingRecipe recipe) => _named ?? ImageDecoders.For(recipe);
}
