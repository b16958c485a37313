using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class ResizerTests
{
    private readonly Random _random = new(4711);

    [Theory]
    [InlineData(1, 1, 96)]
    [InlineData(4000, 5, 96)]
    [InlineData(5, 4000, 224)]
    [InlineData(96, 96, 96)]
    [InlineData(640, 480, 224)]
    [InlineData(97, 96, 96)]
    public void Vectors_and_scalars_give_the_same_bytes(int width, int height, int size)
    {
        var pixels = new byte[width * height * 3];
        _random.NextBytes(pixels);
        AssertSame(pixels, new ImageSize(width, height), size);
    }

    [Fact]
    public void One_resizer_used_again_gives_the_bytes_of_a_fresh_scalar_one()
    {
        var used = new LetterboxResizer(160);
        for (var i = 0; i < 200; i++)
        {
            var image = new ImageSize(_random.Next(1, 400), _random.Next(1, 400));
            var pixels = new byte[image.Pixels * 3];
            _random.NextBytes(pixels);
            pixels.AsSpan(0, _random.Next(pixels.Length)).Fill((byte)(i % 2 == 0 ? 255 : 0));
            var (fresh, again) = (new byte[160 * 160 * 3], new byte[160 * 160 * 3]);
            new LetterboxResizer(160, vectors: false).Resize(pixels, image, image, fresh);
            used.Resize(pixels, image, image, again);
            Assert.True(fresh.AsSpan().SequenceEqual(again), $"{image}");
        }
    }

    [Fact]
    public void Weights_that_could_not_be_computed_are_not_used()
    {
        var plan = new ResamplePlan();
        Assert.ThrowsAny<Exception>(() => plan.Fit(1_200_000_000, 1));
        Assert.ThrowsAny<Exception>(() => plan.Fit(1_200_000_000, 1));
        plan.Fit(2, 1);
        Assert.Equal(2, plan.Taps[0]);
    }

    [Theory]
    [InlineData(640, 480, 96, 72)]
    [InlineData(400, 60, 96, 14)]
    [InlineData(4000, 5, 96, 1)]
    [InlineData(1, 1, 96, 96)]
    [InlineData(2, 3, 64, 96)]
    public void The_longer_side_fills_the_box_and_halves_round_up(int width, int height, int insideWidth, int insideHeight) =>
        Assert.Equal(new ImageSize(insideWidth, insideHeight), LetterboxResizer.FitInside(new ImageSize(width, height), 96));

    [Fact]
    public void What_is_not_image_is_black_even_in_a_used_buffer()
    {
        var box = new byte[8 * 8 * 3];
        Array.Fill(box, (byte)77);
        new LetterboxResizer(8).Resize(Enumerable.Repeat((byte)255, 8 * 4 * 3).ToArray(), new ImageSize(8, 4), new ImageSize(8, 4), box);
        Assert.All(box[..(2 * 8 * 3)], value => Assert.Equal(0, value));
        Assert.All(box[(2 * 8 * 3)..(6 * 8 * 3)], value => Assert.Equal(255, value));
        Assert.All(box[(6 * 8 * 3)..], value => Assert.Equal(0, value));
    }

    // None of the recorded golden images has an odd margin.
    [Fact]
    public void Of_an_odd_margin_the_larger_half_lies_below_and_to_the_right()
    {
        var (wide, tall) = (new byte[8 * 8 * 3], new byte[8 * 8 * 3]);
        var white = Enumerable.Repeat((byte)255, 8 * 5 * 3).ToArray();
        new LetterboxResizer(8).Resize(white, new ImageSize(8, 5), new ImageSize(8, 5), wide);
        new LetterboxResizer(8).Resize(white, new ImageSize(5, 8), new ImageSize(5, 8), tall);
        Assert.Equal([0, 255, 255, 255, 255, 255, 0, 0], Enumerable.Range(0, 8).Select(y => wide[y * 8 * 3]));
        Assert.Equal([0, 255, 255, 255, 255, 255, 0, 0], Enumerable.Range(0, 8).Select(x => tall[x * 3]));
    }

    private static void AssertSame(byte[] pixels, ImageSize image, int size)
    {
        var (scalar, vectors) = (new byte[size * size * 3], new byte[size * size * 3]);
        new LetterboxResizer(size, vectors: false).Resize(pixels, image, image, scalar);
        new LetterboxResizer(size, vectors: true).Resize(pixels, image, image, vectors);
        Assert.True(scalar.AsSpan().SequenceEqual(vectors), $"{image} to {size}");
    }
}
