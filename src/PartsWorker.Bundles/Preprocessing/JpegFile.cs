using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Writes JPEG as cameras do, for gallery images, benchmarks and tests; the data path only reads.</summary>
public static class JpegFile
{
    /// <param name="rgb">Rows of RGB without padding.</param>
    /// <param name="size">Width and height.</param>
    /// <param name="quality">1..100.</param>
    /// <returns>A baseline JPEG with 4:2:0 chroma and no EXIF.</returns>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, ImageSize size, int quality)
    {
        using var image = Image.LoadPixelData<Rgb24>(rgb, size.Width, size.Height);
        using var file = new MemoryStream();
        image.SaveAsJpeg(file, new JpegEncoder { Quality = quality, ColorType = JpegColorType.YCbCrRatio420 });
        return file.ToArray();
    }
}
