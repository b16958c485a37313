using PartsWorker.Publishing;

namespace PartsWorker.Tests.Publishing;

public sealed class EndOfImageTests : IDisposable
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE1, .. new byte[600], 0xFF, 0xD9];
    private static readonly byte[] Png =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[40], 0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    private static readonly byte[] Webp = [.. "RIFF"u8, 20, 0, 0, 0, .. "WEBP"u8, .. new byte[16]];
    private static readonly byte[] Bmp = [.. "BM"u8, 40, 0, 0, 0, .. new byte[34]];

    private static readonly byte[] Tiff = [.. "MM\0*"u8, 0, 0, 0, 16, .. new byte[8], 0, 0];
    private static readonly byte[] Pgm = [.. "P5 4 2 4095\n"u8, .. new byte[16]];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Each_format_is_complete_with_its_end_and_incomplete_without()
    {
        foreach (var image in new[] { Jpeg, Png, Webp, Bmp, Tiff, Pgm })
        {
            Assert.Null(Missing(image));
            Assert.NotNull(Missing(image[..^9]));
        }

        foreach (var image in new[] { Jpeg, Png })
        {
            Assert.NotNull(Missing([.. image[..^9], .. new byte[9]]));
        }
    }

    [Fact]
    public void Padding_and_a_short_trailer_after_a_jpeg_are_part_of_it()
    {
        Assert.Null(Missing([.. Jpeg, .. new byte[1000]]));
        Assert.Null(Missing([.. Jpeg, .. "camera trailer"u8]));
    }

    [Fact]
    public void The_end_of_a_thumbnail_is_not_the_end_of_the_image() =>
        Assert.NotNull(Missing([.. Jpeg, .. Enumerable.Repeat((byte)0x55, 1000)]));

    [Fact]
    public void Space_that_a_server_reserved_is_incomplete_and_an_unknown_format_is_accepted()
    {
        Assert.NotNull(Missing(new byte[5000]));
        Assert.NotNull(Missing([]));
        Assert.Null(Missing("GIF89a, an animation"u8.ToArray()));
    }

    private string? Missing(byte[] content)
    {
        File.WriteAllBytes(_file, content);
        return FinishedFile.Check(_file).Missing;
    }
}
