using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Checking;

public sealed class DescriptorIndexTests
{
    [Theory]
    [InlineData(0.9f)]
    [InlineData(0.97f)]
    [InlineData(0.995f)]
    public void Finds_exactly_the_pairs_that_a_full_comparison_finds(float minimum)
    {
        ScannedImage[] images = [.. Enumerable.Range(0, 240).Select(i => SomeScan.Image(0, Shaded(i / 4, i % 4 * i % 50)))];
        var index = new DescriptorIndex(images, Enumerable.Range(0, images.Length));
        var expected = Pairs(images).Where(p => Of(images, p) >= minimum).ToArray();
        var found = Enumerable.Range(0, index.Count).SelectMany(p => index.CloseTo(p, minimum, onlyLater: true)).ToArray();
        Assert.InRange(expected.Length, 20, 1000);
        Assert.Equal(expected.Order(), found.Select(p => (Math.Min(p.A, p.B), Math.Max(p.A, p.B))).Order());
        Assert.Equal(2 * expected.Length, Enumerable.Range(0, index.Count).Sum(p => index.CloseTo(p, minimum).Count()));
    }

    /// <summary>A scene in light from one side: the difference is smooth, so that coarse thumbnails show it in full.</summary>
    private static Func<int, byte> Shaded(int scene, int shade) =>
        p => (byte)((Dice.For(1, scene, p).Unit() * 150) + (shade * p / (16f * 16 * 3)));

    private static IEnumerable<(int A, int B)> Pairs(ScannedImage[] images) =>
        from a in Enumerable.Range(0, images.Length) from b in Enumerable.Range(a + 1, images.Length - a - 1) select (a, b);

    private static float Of(ScannedImage[] images, (int A, int B) pair) =>
        SceneDescriptor.Similarity(images[pair.A].Descriptor, images[pair.B].Descriptor);
}
