using BitMiracle.LibTiff.Classic;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class TiffTests
{
    // 20 x 19 pixels: more than one strip, and tiles that reach beyond the image.
    private static readonly ushort[] Gray = [.. Enumerable.Range(0, 20 * 19).Select(i => (ushort)(i * 251 % 256))];
    private static readonly ushort[] Rgb = [.. Enumerable.Range(0, 20 * 19 * 3).Select(i => (ushort)(i * 7 % 256))];

    private static readonly TestTiff Seed = new(20, 19, Rgb) { Bands = 3, Photometric = Photometric.RGB };

    public static TheoryData<string> Decoders => Support.Decoders.Both;

    public static TheoryData<Compression, bool, bool, int> Layouts
    {
        get
        {
            var data = new TheoryData<Compression, bool, bool, int>();
            foreach (var compression in
                new[] { Compression.NONE, Compression.LZW, Compression.ADOBE_DEFLATE, Compression.DEFLATE, Compression.PACKBITS })
            {
                data.Add(compression, false, false, 0);
                data.Add(compression, true, true, 0);
                data.Add(compression, true, false, 16);
                data.Add(compression, false, true, 16);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_layout_and_compression_gives_the_pixels_that_were_written(
        Compression compression, bool planes, bool bigEndian, int tile)
    {
        var kind = new TestTiff(20, 19, Rgb)
        {
            Bands = 3, Photometric = Photometric.RGB, Compression = compression, Planes = planes, BigEndian = bigEndian, Tile = tile,
        };
        byte[] expected = [.. Rgb.Select(sample => (byte)sample)];
        Assert.Equal(expected, DecodeWithBoth(kind.Write()));
        var deep = kind with { Bits = 16, Samples = [.. Rgb.Select(sample => (ushort)(sample << 8))] };
        Assert.Equal(expected, DecodeWithBoth(deep.Write()));
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(16, 8)]
    public void Gray_is_repeated_and_zero_may_be_white(int bits, int shift)
    {
        var gray = new TestTiff(20, 19, [.. Gray.Select(sample => (ushort)(sample << shift))]) { Bits = bits };
        byte[] expected = [.. Gray.SelectMany(sample => Enumerable.Repeat((byte)sample, 3))];
        Assert.Equal(expected, DecodeWithBoth(gray.Write()));
        byte[] inverted = [.. expected.Select(sample => (byte)(255 - sample))];
        Assert.Equal(inverted, DecodeWithBoth((gray with { Photometric = Photometric.MINISWHITE }).Write()));
    }

    [Fact]
    public void Packed_samples_of_twelve_bits_keep_their_upper_eight_and_bits_become_black_and_white()
    {
        var packed = new TestTiff(4, 1, [0, 0x123, 0x456, 0xFFF]) { Bits = 12 };
        Assert.Equal([0, 0, 0, 0x12, 0x12, 0x12, 0x45, 0x45, 0x45, 255, 255, 255], DecodeWithBoth(packed.Write()));
        var bits = new TestTiff(3, 1, [1, 0, 1]) { Bits = 1 };
        Assert.Equal([255, 255, 255, 0, 0, 0, 255, 255, 255], DecodeWithBoth(bits.Write()));
    }

    [Fact]
    public void Alpha_is_dropped_palettes_are_looked_up_and_the_orientation_applies()
    {
        var alpha = new TestTiff(1, 1, [1, 2, 3, 0]) { Bands = 4, Photometric = Photometric.RGB };
        Assert.Equal([1, 2, 3], DecodeWithBoth(alpha.Write()));
        ushort[] ramp = [.. Enumerable.Range(0, 256).Select(i => (ushort)(i << 8))];
        var palette = new TestTiff(1, 1, [9]) { Photometric = Photometric.PALETTE, Palette = [ramp, ramp, [.. ramp.Reverse()]] };
        Assert.Equal([9, 9, 246], DecodeWithBoth(palette.Write()));
        var turned = new TestTiff(2, 1, [10, 20]) { Turned = BitMiracle.LibTiff.Classic.Orientation.TOPRIGHT };
        Assert.Equal([20, 20, 20, 10, 10, 10], DecodeWithBoth(turned.Write()));
    }

    public static TheoryData<string, byte[]> Refused => new()
    {
        { "a TIFF with CCITT Group 4 compression is not read", Patch(new TestTiff(8, 8, new ushort[64]).Write(), 259, 4) },
        { "a TIFF with JPEG compression is not read", Patch(new TestTiff(8, 8, new ushort[64]).Write(), 259, 7) },
        { "a TIFF with Zstandard compression is not read", Patch(new TestTiff(8, 8, new ushort[64]).Write(), 259, 50000) },
        { "a floating-point TIFF is not read", new TestTiff(2, 1, [1, 2]) { Bits = 16, Format = SampleFormat.IEEEFP }.Write() },
        { "a TIFF of signed integers is not read", new TestTiff(2, 1, [1, 2]) { Bits = 16, Format = SampleFormat.INT }.Write() },
        { "a CMYK TIFF is not read", new TestTiff(1, 1, [1, 2, 3, 4]) { Bands = 4, Photometric = Photometric.SEPARATED }.Write() },
        { "a CIELab TIFF is not read", new TestTiff(1, 1, [1, 2, 3]) { Bands = 3, Photometric = Photometric.CIELAB }.Write() },
        { "a TIFF of raw sensor data (CFA) is not read", Patch(new TestTiff(2, 2, [1, 2, 3, 4]).Write(), 262, 32803) },
        { "a BigTIFF is not read", [.. "II+\0"u8, 8, 0, 0, 0, .. new byte[16]] },
        { "a DNG raw file is not read", Retag(new TestTiff(2, 2, [1, 2, 3, 4]).Write(), 274, 50706) },
        { "a Canon raw file (CR2) is not read", [.. "II*\0"u8, 16, 0, 0, 0, .. "CR"u8, 2, 0, .. new byte[16]] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_read_is_refused_by_name(string because, byte[] file)
    {
        foreach (var decoder in ImageDecoders.All)
        {
            var error = Assert.Throws<UnreadableImageException>(() => Support.Decoders.Decode(decoder, file));
            Assert.Contains(because, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_cut_tiff_is_refused_wherever_it_is_cut(string decoder)
    {
        foreach (var compression in new[] { Compression.NONE, Compression.LZW, Compression.ADOBE_DEFLATE, Compression.PACKBITS })
        {
            var file = new TestTiff(20, 19, Gray) { Compression = compression }.Write();
            for (var keep = 4; keep < file.Length - 16; keep += 13)
            {
                var cut = file[..keep];
                Assert.Throws<UnreadableImageException>(() => Support.Decoders.Decode(decoder, cut));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_tiff_that_claims_too_many_pixels_is_refused_before_anything_is_allocated(string decoder)
    {
        var file = Patch(Patch(new TestTiff(8, 8, new ushort[64]).Write(), 256, 30000), 257, 30000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImageTooLargeException>(() => Support.Decoders.Decode(decoder, file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Five_thousand_damaged_tiffs_throw_nothing_else_and_allocate_little()
    {
        var random = new Random(20261129);
        byte[][] seeds =
        [
            .. from compression in new[] { Compression.NONE, Compression.LZW, Compression.ADOBE_DEFLATE, Compression.PACKBITS }
               from tile in new[] { 0, 16 }
               select (Seed with { Compression = compression, Tile = tile }).Write(),
        ];
        var request = new DecodeRequest(new DecodeLimits { MaxPixels = 500_000 });
        var reader = ImageDecoders.Create(ImageDecoders.LibVips);
        using var image = new DecodedImage();
        var (refused, most) = (0, 0L);
        for (var i = 0; i < 5_000; i++)
        {
            var file = BrokenFiles.Damage(seeds[i % seeds.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                reader.Decode(file, request, image);
            }
            catch (Exception error) when (error is UnreadableImageException or ImageTooLargeException)
            {
                refused++;
            }

            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(refused, 1, 4_999);
        Assert.InRange(most, 0, 100L * 1024 * 1024);
    }

    private static byte[] DecodeWithBoth(byte[] file)
    {
        var pixels = Support.Decoders.Decode(ImageDecoders.ImageSharp, file);
        Assert.Equal(pixels, Support.Decoders.Decode(ImageDecoders.LibVips, file));
        return pixels;
    }

    // The directory of a little-endian file: entries of tag, type, count, value.
    private static byte[] Patch(byte[] file, int tag, int value)
    {
        var patched = (byte[])file.Clone();
        BitConverter.GetBytes((ushort)value).CopyTo(patched, EntryOf(file, tag) + 8);
        return patched;
    }

    private static byte[] Retag(byte[] file, int tag, int other)
    {
        var patched = (byte[])file.Clone();
        BitConverter.GetBytes((ushort)other).CopyTo(patched, EntryOf(file, tag));
        return patched;
    }

    private static int EntryOf(byte[] file, int tag)
    {
        var at = BitConverter.ToInt32(file, 4) + 2;
        while (BitConverter.ToUInt16(file, at) != tag)
        {
            at += 12;
        }

        return at;
    }
}
