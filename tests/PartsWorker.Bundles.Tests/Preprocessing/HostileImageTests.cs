using System.IO.Compression;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>Files that were made to hurt: both decoders refuse the same ones, with the same words, and cheaply.</summary>
public sealed class HostileImageTests
{
    private const int BombBytes = 64 * 1024 * 1024;
    private static readonly byte[] Jpeg = GoldenImages.Read("blocks/baseline.jpg");
    private static readonly byte[] Progressive = GoldenImages.Read("blocks/progressive.jpg");
    private static readonly byte[] Png = GoldenImages.Read("blocks/interlaced.png");
    private static readonly byte[] WebP = GoldenImages.Read("blocks/lossy.webp");

    public static TheoryData<string> Decoders => Support.Decoders.Both;

    public static TheoryData<string, byte[]> Files => new()
    {
        { "empty", [] },
        { "one byte", [0xFF] },
        { "text", "this is not an image"u8.ToArray() },
        { "svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"u8.ToArray() },
        { "gif", "GIF89a\x01\0\x01\0\0\0\0;"u8.ToArray() },
        { "tiff", [.. "II*\0"u8, .. new byte[60]] },
        { "random bytes after the signature of a JPEG", [.. Jpeg[..3], .. Noise(2000)] },
        { "random bytes after the signature of a PNG", [.. Png[..8], .. Noise(2000)] },
        { "JPEG cut in its header", Jpeg[..100] },
        { "JPEG cut in its scan", Jpeg[..^100] },
        { "JPEG without its end", Jpeg[..^2] },
        { "PNG cut in its header", Png[..20] },
        { "PNG cut in its pixels", Png[..100] },
        { "PNG with a wrong checksum", Flip(Png, 60) },
        { "WebP cut in its header", WebP[..25] },
        { "WebP cut in its pixels", WebP[..100] },
        { "BMP cut in its pixels", TestBmp.Write(100, 100, 24, new byte[30]) },
        { "PNG bomb", TestPng.Write(30000, 30000, 1, TestPng.Gray, []) },
        { "PNG of no width", TestPng.Write(0, 1, 8, TestPng.Gray, [0]) },
        { "PNG of negative height", TestPng.Write(8, -8, 8, TestPng.Gray, [0, 0, 0, 0, 0, 0, 0, 0]) },
        { "JPEG bomb", WithJpegSize(Jpeg, 65500, 65500) },
        { "progressive JPEG bomb", WithJpegSize(Progressive, 6000, 6000) },
        { "progressive JPEG hidden from our own reader by a restart marker", Hide(Progressive, 0xD0, Jpeg) },
        { "progressive JPEG hidden from our own reader by a temporary marker", Hide(Progressive, 0x01, Jpeg) },
        { "JPEG of 101 scans", WithScans(Jpeg, 101) },
        { "WebP bomb", TestExif.IntoLosslessWebP(GoldenImages.Read("blocks/lossless.webp"), 16383, 16383, []) },
        { "BMP of one long row", TestBmp.Write(100_001, 1, 24, new byte[300_004]) },
        { "BMP bomb", TestBmp.Write(30000, 30000, 24, new byte[30]) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Both_decoders_refuse_the_same_file_in_the_same_words(string kind, byte[] file)
    {
        var refusals = ImageDecoders.All.Select(decoder => Refusal(decoder, file)).ToList();
        Assert.True(refusals[0] is not null, $"{kind} was accepted");
        Assert.Equal(refusals[0], refusals[1]);
    }

    [Fact]
    public void A_jpeg_of_several_scans_has_the_limit_of_images_that_decode_whole()
    {
        var limits = new DecodeLimits { MaxWholeFramePixels = 100 };
        Assert.False(ImageHeader.Check(Jpeg, limits).WholeFrame);
        var file = (byte[])Jpeg.Clone();
        file[file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]) + 4] = 1;
        Assert.Throws<ImageTooLargeException>(() => ImageHeader.Check(file, limits));
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_text_or_color_profile_that_expands_a_thousandfold_is_not_expanded(string decoder)
    {
        byte[] zeros = Deflate(new byte[BombBytes]);
        foreach (var chunk in new[] { TestPng.Chunk("zTXt", [.. "a\0\0"u8, .. zeros]), TestPng.Chunk("iCCP", [.. "a\0\0"u8, .. zeros]) })
        {
            byte[] file = [.. Png[..33], .. chunk, .. Png[33..]];
            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = Refusal(decoder, file);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BombBytes / 16);
        }
    }

    [Fact]
    public void An_image_that_needs_a_larger_block_than_imagesharp_may_have_is_too_large_and_not_damaged()
    {
        var limits = new DecodeLimits { MaxPixels = 1_000_000_000, MaxWholeFramePixels = 1_000_000_000 };
        var error = Assert.Throws<ImageTooLargeException>(
            () => Support.Decoders.Decode(ImageDecoders.ImageSharp, TestPng.Write(30000, 30000, 8, TestPng.Gray, new byte[30000]), limits));
        Assert.Equal("Png of 30000x30000 needs a block of more than 512 MB to decode", error.Message);
    }

    private static string? Refusal(string decoder, byte[] file) =>
        Support.Decoders.Refusal(() => Support.Decoders.Decode(decoder, file));

    private static byte[] WithJpegSize(byte[] jpeg, ushort width, ushort height)
    {
        var file = (byte[])jpeg.Clone();
        var frame = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        frame = frame < 0 ? file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC2]) : frame;
        (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) =
            ((byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width);
        return file;
    }

    // A marker without a length comes first. Who reads the two bytes behind it as a length jumps to the decoy.
    private static byte[] Hide(byte[] jpeg, byte marker, byte[] decoy)
    {
        var file = new byte[4 + ((jpeg[2] << 8) | jpeg[3]) + decoy.Length - 2];
        byte[] start = [0xFF, 0xD8, 0xFF, marker, .. jpeg[2..]];
        start.CopyTo(file, 0);
        decoy[2..].CopyTo(file, file.Length - decoy.Length + 2);
        return file;
    }

    private static byte[] WithScans(byte[] jpeg, int count)
    {
        var scan = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        return [.. jpeg[..scan], .. Enumerable.Repeat(jpeg[scan..^2], count).SelectMany(bytes => bytes), 0xFF, 0xD9];
    }

    private static byte[] Flip(byte[] file, int at)
    {
        var flipped = (byte[])file.Clone();
        flipped[at] ^= 0xFF;
        return flipped;
    }

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static byte[] Deflate(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return packed.ToArray();
    }
}
