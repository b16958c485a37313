using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class ImageQualityTests
{
    private const int Side = 96;

    [Fact]
    public void A_black_a_white_a_gray_and_a_blurred_image_are_told_from_a_good_one()
    {
        Assert.Null(Fault((x, y) => (x / 8 + y / 8) % 2 == 0 ? 30 : 200));
        Assert.Equal(QualityThresholds.Dark, Fault((_, _) => 0));
        Assert.Equal(QualityThresholds.Dark, Fault((x, y) => (x + y) % 32));
        Assert.Equal(QualityThresholds.Bright, Fault((x, y) => 225 + (x + y) % 31));
        Assert.Equal(QualityThresholds.Flat, Fault((x, _) => 100 + (x % 30)));
        Assert.Equal(QualityThresholds.Blurred, Fault((x, y) => x + y));
    }

    [Fact]
    public void The_bars_of_the_letterbox_are_not_part_of_the_image()
    {
        foreach (var (left, top) in new[] { (30, 0), (0, 30) })
        {
            bool Inside(int x, int y) => x >= left && x < Side - left && y >= top && y < Side - top;
            Assert.Equal(QualityThresholds.Bright, Fault((x, y) => Inside(x, y) ? 240 + (x % 9) : 0));
            Assert.Equal(QualityThresholds.Flat, Fault((x, y) => Inside(x, y) ? 128 : 0));
        }
    }

    [Fact]
    public void A_small_part_on_a_plain_belt_is_a_good_image() =>
        Assert.Null(Fault((x, y) => x is > 40 and < 53 && y is > 40 and < 53 ? (x * 37 % 90) + 20 : 160));

    [Fact]
    public void Off_accepts_every_image() =>
        Assert.All(
            new ImageQuality[] { new(0, 0, 0), new(255, 255, 0), new(128, 128, 0) },
            image => Assert.Null(QualityThresholds.Off.FaultOf(image)));

    [Fact]
    public void Fitted_thresholds_hold_back_one_percent_of_good_images_at_most_and_never_loosen_blur_alone()
    {
        var random = new Random(3);
        ImageQuality[] good =
        [
            .. Enumerable.Range(0, 2000).Select(_ => new ImageQuality(random.Next(20, 256), random.Next(0, 10), random.Next(30, 200))),
        ];
        var fitted = QualityThresholds.Fit(good);
        Assert.InRange(good.Count(image => fitted.FaultOf(image) is not null), 0, 20);
        Assert.InRange(fitted.Sharpness, 22, 24);
        Assert.Equal(QualityThresholds.Default.Darkest, fitted.Darkest);
        Assert.Equal(QualityThresholds.Default, QualityThresholds.Fit([]));
    }

    private static string? Fault(Func<int, int, int> gray)
    {
        var square = new byte[Side * Side * 3];
        for (var i = 0; i < square.Length; i++)
        {
            square[i] = (byte)gray(i / 3 % Side, i / 3 / Side);
        }

        return QualityThresholds.Default.FaultOf(ImageQuality.Of(square, Side));
    }
}
