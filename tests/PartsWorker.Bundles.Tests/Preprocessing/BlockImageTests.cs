using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>Files of every kind whose pixels are known without any decoder: six flat blocks of 32 x 32, two rows of three.</summary>
public sealed class BlockImageTests
{
    private const int Block = 32;

    // Quantization at quality 90 or more moves a flat block by no more than this, whatever the decoder.
    private const int Quantization = 4;

    private static readonly (int R, int G, int B)[] Colors =
        [(200, 30, 40), (30, 160, 60), (40, 60, 190), (250, 250, 250), (120, 120, 120), (10, 10, 10)];

    private static readonly (int R, int G, int B)[] Grays =
        [(0, 0, 0), (50, 50, 50), (100, 100, 100), (150, 150, 150), (200, 200, 200), (255, 255, 255)];

    // (255 - ink) * (255 - black) / 255 of the inks that were written, the last but one (60, 120, 180, 40).
    private static readonly (int R, int G, int B)[] Inks =
        [(0, 255, 255), (255, 0, 255), (255, 255, 0), (127, 127, 127), (164, 114, 63), (255, 255, 255)];

    public static TheoryData<string, string> Files
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] files =
            [
                "baseline.jpg", "full-chroma.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg", "interlaced.png",
                "lossy.webp", "lossless.webp",
            ];
            foreach (var decoder in ImageDecoders.All)
            {
                Array.ForEach(files, file => data.Add(decoder, file));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_kind_of_file_decodes_to_the_colors_that_were_written(string decoder, string file)
    {
        using var image = Decoders.DecodeImage(decoder, GoldenImages.Read($"blocks/{file}"));
        Assert.Equal((3 * Block, 2 * Block), (image.Width, image.Height));
        var expected = file switch
        {
            "gray.jpg" => Grays,
            "cmyk.jpg" => Inks,
            _ => Colors,
        };
        var allowed = file is "interlaced.png" or "lossless.webp" ? 0 : Quantization;
        for (var i = 0; i < expected.Length; i++)
        {
            // The center of the block, where no neighbor's chroma reaches.
            var pixel = image.Row((i / 3 * Block) + (Block / 2)).Slice(((i % 3 * Block) + (Block / 2)) * 3, 3);
            Assert.InRange(pixel[0], expected[i].R - allowed, expected[i].R + allowed);
            Assert.InRange(pixel[1], expected[i].G - allowed, expected[i].G + allowed);
            Assert.InRange(pixel[2], expected[i].B - allowed, expected[i].B + allowed);
        }
    }
}
