using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

/// <summary>A small data set on disk whose "images" are raw RGB of 16 x 16, read by <see cref="RawDecoder"/>.</summary>
public sealed class SomeData : IDisposable
{
    public const int Side = 16;

    public string Folder { get; } = Directory.CreateTempSubdirectory("parts-data-").FullName;

    internal static IImageDecoder Decoder { get; } = new RawDecoder();

    internal static LabelSet Labels(params string[] names) => new()
    {
        Colors = ["red", "blue"],
        Shapes = ["round", "long"],
        Classes = [.. names.Select((n, i) => new PartClass(i, n, i % 2, i / 2 % 2))],
    };

    internal void WriteLabels(params string[] names) => LabelFile.Write(Path.Combine(Folder, "labels.json"), Labels(names));

    internal string Add(string className, string file, Func<int, byte> pixel)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, className)).FullName;
        var path = Path.Combine(folder, file);
        File.WriteAllBytes(path, [.. Enumerable.Range(0, Side * Side * 3).Select(pixel)]);
        return path;
    }

    /// <summary>Two classes of <paramref name="each"/> images; every image is a uniform gray.</summary>
    internal DataFolder TwoClasses(int each)
    {
        WriteLabels("bolt", "nut");
        for (var i = 0; i < each; i++)
        {
            var gray = (byte)(i * 5);
            Add("bolt", $"{i:000}.png", _ => gray);
            Add("nut", $"{i:000}.png", _ => (byte)(gray + 100));
        }

        return DataFolder.Open(Folder);
    }

    internal PixelCache Cache(DataFolder data) => new PixelCacheBuilder(data, Path.Combine(Folder, ".cache"), Side, Decoder).Build();

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class RawDecoder : IImageDecoder
    {
        public string Name => "raw";

        public void Decode(ReadOnlySpan<byte> encoded, DecodeRequest request, DecodedImage into)
        {
            if (encoded.Length != Side * Side * 3)
            {
                throw new UnreadableImageException("not a raw image");
            }

            into.Allocate(new(Side, Side));
            encoded.CopyTo(into.Pixels);
        }
    }
}
