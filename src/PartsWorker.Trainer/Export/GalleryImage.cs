using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Export;

/// <summary>The image that shows a gallery row.</summary>
/// <param name="Path">An image file, or the small JPEG of another bundle.</param>
/// <param name="IsSmall">Whether the file is copied as it is, because encoding it again would only lose quality.</param>
internal sealed record GalleryImage(string Path, bool IsSmall)
{
    private const int Quality = 75;

    /// <summary>The image as JPEG with at most <see cref="GalleryImages.Side"/> pixels per side, EXIF orientation applied.</summary>
    public byte[] ReadSmall()
    {
        var content = File.ReadAllBytes(Path);
        if (IsSmall)
        {
            return content;
        }

        using var image = new DecodedImage();
        ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full)).Decode(content, new(new DecodeLimits()), image);
        var side = Math.Min(GalleryImages.Side, Math.Max(image.Width, image.Height));
        var square = new byte[side * side * 3];
        new LetterboxResizer(side).Resize(image.Pixels, image.Size, image.Size, square);
        var inner = LetterboxResizer.FitInside(image.Size, side);
        return JpegFile.Encode(WithoutBars(square, side, inner), inner, Quality);
    }

    private static byte[] WithoutBars(byte[] square, int side, ImageSize inner)
    {
        var (left, top, stride) = ((side - inner.Width) / 2, (side - inner.Height) / 2, inner.Width * 3);
        var pixels = new byte[stride * inner.Height];
        for (var y = 0; y < inner.Height; y++)
        {
            square.AsSpan((((top + y) * side) + left) * 3, stride).CopyTo(pixels.AsSpan(y * stride));
        }

        return pixels;
    }
}
