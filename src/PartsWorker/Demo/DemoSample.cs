using System.Security.Cryptography;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Client;

namespace PartsWorker.Demo;

/// <summary>
/// One image of a known class and its reference; the reference is the same on every run, so that a second run adds no row.
/// </summary>
internal sealed record DemoSample(ImageReference Reference, string TrueClass)
{
    public const string Line = "demo";

    /// <summary>The golden images of a bundle are its samples.</summary>
    public static IReadOnlyList<DemoSample> Of(ModelBundle bundle)
    {
        var names = bundle.Labels.Classes.ToDictionary(c => c.Id, c => c.Name);
        return [.. bundle.ReadGolden().Images
            .Where(i => i.TrueClass is { } id && names.ContainsKey(id))
            .Select((image, index) => Sample(
                bundle, CameraOf(bundle), bundle.PathOf(Path.Combine("golden", image.File)), index, names[image.TrueClass!.Value]))];
    }

    /// <summary>
    /// Images in one folder per class; folders that name no class of the bundle are skipped. Files with the same content are one image.
    /// </summary>
    public static IReadOnlyList<DemoSample> In(string folder, ModelBundle bundle) =>
    [
        .. bundle.Labels.Classes.Select(c => c.Name).Where(name => Directory.Exists(Path.Combine(folder, name)))
            .SelectMany(name => Directory.EnumerateFiles(Path.Combine(folder, name)).Order(StringComparer.Ordinal)
                .Select(file => (name, file: Path.GetFullPath(file))))
            .Select((image, index) => Sample(bundle, CameraOf(bundle, folder), image.file, index, image.name))
            .DistinctBy(sample => sample.Reference.ImageId),
    ];

    /// <summary>A camera name made from the bundle's key and the folder, if one is given; a camera name has no dots.</summary>
    public static string CameraOf(ModelBundle bundle, string? folder = null)
    {
        var name = folder is null ? bundle.Key : $"{bundle.Key}-{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}";
        return string.Concat(name.Select(c => c == '@' ? '_' : char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
    }

    private static DemoSample Sample(ModelBundle bundle, string camera, string path, int index, string trueClass)
    {
        var hash = SHA256.HashData(File.ReadAllBytes(path));
        var reference = new ImageReference
        {
            ImageId = new Guid(hash.AsSpan(0, 16), bigEndian: true),
            Uri = new Uri(path).AbsoluteUri,
            Line = Line,
            Camera = camera,
            CapturedAt = bundle.Manifest.Created.AddSeconds(index),
            Sha256 = Convert.ToHexStringLower(hash),
        };
        return new DemoSample(reference, trueClass);
    }
}
