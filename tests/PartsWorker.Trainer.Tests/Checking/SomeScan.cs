using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Tests.Data;

namespace PartsWorker.Trainer.Tests.Checking;

/// <summary>Images that exist in memory only.</summary>
internal static class SomeScan
{
    /// <summary>An image with random pixels; the same scene gives the same pixels, up to <paramref name="noise"/> gray levels.</summary>
    public static ScannedImage Image(int classId, int scene, int noise = 0, string path = "") => Image(
        classId,
        p => (byte)((int)(Dice.For(1, scene, p).Unit() * 200) + (int)(Dice.For(2, scene + (1000 * noise), p).Unit() * noise)),
        path);

    public static ScannedImage Image(int classId, Func<int, byte> pixel, string path = "")
    {
        byte[] pixels = [.. Enumerable.Range(0, SomeData.Side * SomeData.Side * 3).Select(pixel)];
        var descriptor = new float[SceneDescriptor.Length];
        var tone = SceneDescriptor.Describe(pixels, SomeData.Side, descriptor);
        return new()
        {
            Image = new(path, classId),
            Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(pixels)),
            Size = new(200, 200),
            Descriptor = descriptor,
            Tone = tone,
        };
    }

    /// <summary>A data set of images that can be read.</summary>
    public static DataSet DataSet(string[] classes, params ScannedImage[] images) =>
        new(new("some", SomeData.Labels(classes), [.. images.Select(i => i.Image)]), new(images, []));
}
