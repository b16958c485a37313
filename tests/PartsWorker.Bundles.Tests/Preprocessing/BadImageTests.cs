using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class BadImageTests
{
    private static readonly byte[] Jpeg = GoldenImages.Read(GoldenImages.All[0].File);

    public static TheoryData<string> Decoders => Support.Decoders.Both;

    [Theory]
    [MemberData(nameof(Decoders))]
    public void An_empty_file_is_unreadable(string decoder) => AssertUnreadable(decoder, [], "the file is empty");

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_truncated_jpeg_is_unreadable_wherever_it_is_cut(string decoder)
    {
        foreach (var keep in new[] { 2, 3, 30, 300, Jpeg.Length / 2, Jpeg.Length - 200, Jpeg.Length - 2 })
        {
            AssertUnreadable(decoder, Jpeg[..keep], "JPEG");
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_truncated_png_or_bmp_is_unreadable(string decoder)
    {
        var png = GoldenImages.Read(GoldenImages.All[0].Letterboxed);
        AssertUnreadable(decoder, png[..(png.Length / 2)], "Png");
        AssertUnreadable(decoder, png[..20], "truncated PNG header");
        AssertUnreadable(decoder, TestBmp.Write(100, 100, 24, new byte[30]), "truncated BMP");
        AssertUnreadable(decoder, TestBmp.Write(1, 1, 8, [9, 0, 0, 0], new byte[8]), "a color outside its palette");
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Thirty_thousand_by_thirty_thousand_pixels_are_refused_on_the_header(string decoder)
    {
        var bomb = TestPng.Write(30000, 30000, 1, TestPng.Gray, []);
        var error = Assert.Throws<ImageTooLargeException>(() => Decode(decoder, bomb, new DecodeLimits()));
        Assert.Contains("30000x30000 pixels exceed the limit of 64000000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_progressive_jpeg_has_a_limit_of_its_own(string decoder)
    {
        var progressive = (byte[])Jpeg.Clone();
        var frame = progressive.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        progressive[frame + 1] = 0xC2;
        var limits = new DecodeLimits { MaxWholeFramePixels = 1000 };
        var error = Assert.Throws<ImageTooLargeException>(() => Decode(decoder, progressive, limits));
        Assert.Contains("exceed the limit of 1000 for images that decode whole", error.Message, StringComparison.Ordinal);
        Decode(decoder, Jpeg, limits);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void A_file_of_too_many_bytes_is_refused(string decoder) =>
        Assert.Throws<ImageTooLargeException>(() => Decode(decoder, Jpeg, new DecodeLimits { MaxBytes = 1024 }));

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Two_thousand_damaged_files_are_decoded_or_refused_but_never_crash(string decoder)
    {
        var random = new Random(20261121);
        var reader = ImageDecoders.Create(decoder);
        byte[][] seeds =
        [
            .. GoldenImages.All.TakeLast(8).Select(image => GoldenImages.Read(image.File)),
            TestBmp.Write(8, 8, 24, new byte[192]),
            [.. "P6 8 8 255\n"u8, .. new byte[192]],
        ];
        var request = new DecodeRequest(new DecodeLimits { MaxPixels = 500_000, MaxWholeFramePixels = 500_000 });
        var refused = 0;
        using var image = new DecodedImage();
        for (var i = 0; i < 2000; i++)
        {
            var file = BrokenFiles.Damage(seeds[i % seeds.Length], random);
            try
            {
                reader.Decode(file, request, image);
            }
            catch (Exception error) when (error is UnreadableImageException or ImageTooLargeException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 1999);
        reader.Decode(Jpeg, request, image);
    }

    private static void AssertUnreadable(string decoder, byte[] file, string because)
    {
        var error = Assert.Throws<UnreadableImageException>(() => Decode(decoder, file, new DecodeLimits()));
        Assert.Contains(because, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static void Decode(string decoder, byte[] file, DecodeLimits limits) => Support.Decoders.Decode(decoder, file, limits);
}
