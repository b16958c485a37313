using PartsWorker.Bundles.Preprocessing.Vips;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Chooses a decoder by name.</summary>
public static class ImageDecoders
{
    public const string Auto = "auto";
    public const string LibVips = "libvips";
    public const string ImageSharp = "imagesharp";

    /// <summary>The decoders that work in this process, the default first.</summary>
    public static IReadOnlyList<string> Available => [.. All().Select(decoder => decoder.Name)];

    /// <param name="name"><c>libvips</c>, <c>imagesharp</c> or <c>auto</c> (libvips where it is found, else ImageSharp).</param>
    /// <exception cref="ArgumentException">Not available here, or not a decoder; one line that says what is.</exception>
    public static IImageDecoder Create(string name = Auto)
    {
        var available = All().ToList();
        var wanted = string.Equals(name, Auto, StringComparison.OrdinalIgnoreCase) ? available[0].Name : name;
        var found = available.Find(decoder => string.Equals(decoder.Name, wanted, StringComparison.OrdinalIgnoreCase));
        return found.Create is { } create
            ? create()
            : throw new ArgumentException($"decoder '{name}' is not available here; there is: {string.Join(", ", Available)}");
    }

    private static IEnumerable<(string Name, Func<IImageDecoder> Create)> All()
    {
        if (VipsRuntime.IsAvailable)
        {
            yield return (LibVips, () => new VipsDecoder());
        }

        yield return (ImageSharp, () => new ImageSharpDecoder());
    }
}
