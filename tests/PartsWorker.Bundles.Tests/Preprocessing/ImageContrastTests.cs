using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class ImageContrastTests
{
    private const int Pixels = 64 * 64;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(255, 0, 0)]
    [InlineData(128, 128, 128)]
    public void An_image_of_one_color_has_none_on_a_black_canvas_too(byte red, byte green, byte blue)
    {
        Assert.Equal(0, ImageContrast.Of(Image(i => i < Pixels / 3 ? ((byte)0, (byte)0, (byte)0) : (red, green, blue))), 6);
    }

    [Fact]
    public void It_is_the_standard_deviation_of_the_pixels_that_are_not_black()
    {
        // The mean square of the deviations is 100, 0 and 0 in the three channels.
        var image = Image(i => ((byte)(i / 4 % 2 == 0 ? 90 : 110), 50, 200));
        Assert.Equal(Math.Sqrt(100 / 3.0), ImageContrast.Of(image), 6);
    }

    private static byte[] Image(Func<int, (byte Red, byte Green, byte Blue)> color)
    {
        var pixels = new byte[Pixels * 3];
        for (var i = 0; i < Pixels; i++)
        {
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = color(i);
        }

        return pixels;
    }
}
