using FsCheck;
using FsCheck.Fluent;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class OrientationTests
{
    public static TheoryData<string, int> DecodersAndOrientations
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var decoder in ImageDecoders.All)
            {
                foreach (var orientation in Enumerable.Range(1, 8))
                {
                    data.Add(decoder, orientation);
                }
            }

            return data;
        }
    }

    [Theory]
    [InlineData(1, "abcdef", 2, 3)]
    [InlineData(2, "badcfe", 2, 3)]
    [InlineData(3, "fedcba", 2, 3)]
    [InlineData(4, "efcdab", 2, 3)]
    [InlineData(5, "acebdf", 3, 2)]
    [InlineData(6, "ecafdb", 3, 2)]
    [InlineData(7, "fdbeca", 3, 2)]
    [InlineData(8, "bdface", 3, 2)]
    public void Every_exif_orientation_is_turned_upright(int orientation, string expected, int width, int height)
    {
        using var image = new DecodedImage();
        image.Allocate(new ImageSize(2, 3));
        "abcdef".SelectMany(c => Enumerable.Repeat((byte)c, 3)).ToArray().CopyTo(image.Pixels);
        Orientation.Apply(orientation, image);
        Assert.Equal(new ImageSize(width, height), image.Size);
        Assert.Equal(new ImageSize(width, height), image.OriginalSize);
        Assert.Equal(expected, new string([.. image.Pixels.ToArray().Where((_, i) => i % 3 == 0).Select(b => (char)b)]));
    }

    [Theory]
    [MemberData(nameof(DecodersAndOrientations))]
    public void Jpeg_png_and_webp_are_turned_as_their_exif_block_says(string decoder, int orientation)
    {
        foreach (var block in new[] { TestExif.Block(orientation, little: true), TestExif.Block(orientation, little: false) })
        {
            AssertTurned(decoder, orientation, Read("baseline.jpg"), TestExif.IntoJpeg(Read("baseline.jpg"), block));
            AssertTurned(decoder, orientation, Read("interlaced.png"), TestExif.IntoPng(Read("interlaced.png"), block));
            AssertTurned(decoder, orientation, Read("lossless.webp"), TestExif.IntoLosslessWebP(Read("lossless.webp"), 96, 64, block));
        }
    }

    [Fact]
    public void Any_bytes_as_an_exif_block_give_an_orientation_or_upright() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(), bytes =>
        {
            Assert.InRange(ExifOrientation.Read(bytes), 1, 8);
            Assert.InRange(ExifOrientation.Read([.. "II*\0"u8, .. bytes]), 1, 8);
            Assert.InRange(ExifOrientation.Read([.. TestExif.Block(1, little: false)[..10], .. bytes]), 1, 8);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_orientation_outside_one_to_eight_is_upright() => Assert.Equal(1, ExifOrientation.Read(TestExif.Block(9, little: true)));

    private static void AssertTurned(string decoder, int orientation, byte[] plain, byte[] marked)
    {
        using var expected = Decoders.DecodeImage(decoder, plain);
        using var found = Decoders.DecodeImage(decoder, marked);
        Orientation.Apply(orientation, expected);
        Assert.Equal(expected.Size, found.Size);
        Assert.True(expected.Pixels.SequenceEqual(found.Pixels));
    }

    private static byte[] Read(string file) => GoldenImages.Read($"blocks/{file}");
}
