using System.Security.Cryptography;
using PartsWorker.Client;
using PartsWorker.Model.Bundle;

namespace PartsWorker.Demo;

/// <summary>One image whose class is known, and the reference by which it is published: the same on every run, so that a second run adds nothing.</summary>
internal sealed record DemoSample(ImageReference Reference, string TrueClass)
{
    public const string Line = "demo";

    /// <summary>The golden images of a bundle are its samples.</summary>
    public static IReadOnlyList<DemoSample> Of(ModelBundle bundle)
    {
        var names = bundle.Labels.Classes.ToDictionary(c => c.Id, c => c.Name);
        return [.. bundle.ReadGolden().Images
            .Where(i => i.TrueClass is { } id && names.ContainsKey(id))
            .Select((image, index) => Sample(bundle, image, index, names[image.TrueClass!.Value]))];
    }

    /// <summary>The bundle stands in for the camera; a camera's name has no dots.</summary>
    public static string CameraOf(ModelBundle bundle) => bundle.Key.Replace('@', '_').Replace('.', '-');

    private static DemoSample Sample(ModelBundle bundle, GoldenImage image, int index, string trueClass)
    {
        var path = bundle.PathOf(Path.Combine("golden", image.File));
        var hash = SHA256.HashData(File.ReadAllBytes(path));
        var reference = new ImageReference
        {
            ImageId = new Guid(hash.AsSpan(0, 16), bigEndian: true),
            Uri = new Uri(path).AbsoluteUri,
            Line = Line,
            Camera = CameraOf(bundle),
            CapturedAt = bundle.Manifest.Created.AddSeconds(index),
            Sha256 = Convert.ToHexStringLower(hash),
        };
        return new DemoSample(reference, trueClass);
    }
}
