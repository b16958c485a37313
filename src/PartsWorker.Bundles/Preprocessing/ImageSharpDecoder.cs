using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Decodes through ImageSharp, always in full: its 2.1 line cannot decode a JPEG at a fraction of its size.</summary>
internal sealed class ImageSharpDecoder : IImageDecoder
{
    // Only these formats: the advisories open against this line concern others, which the default configuration would register.
    private static readonly Configuration Codecs = new(
        new JpegConfigurationModule(),
        new PngConfigurationModule(),
        new WebpConfigurationModule())
    {
        MaxDegreeOfParallelism = 1,
        PreferContiguousImageBuffers = true,
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = 512, MaximumPoolSizeMegabytes = 64 }),
    };

    public string Name => "imagesharp";

    public unsafe void Decode(ReadOnlySpan<byte> encoded, DecodeRequest request, DecodedImage into)
    {
        var header = ImageHeader.Check(encoded, request.Limits);
        if (header.Format == ImageFormat.Bmp)
        {
            BmpReader.Decode(encoded, header, into);
            return;
        }

        fixed (byte* file = encoded)
        {
            using var stream = new UnmanagedMemoryStream(file, encoded.Length);
            Decode(stream, header, into);
        }
    }

    private static void Decode(UnmanagedMemoryStream stream, ImageHeader header, DecodedImage into)
    {
        try
        {
            using var image = Image.Load<Rgb24>(Codecs, stream);
            into.Allocate(new ImageSize(image.Width, image.Height));
            into.OriginalSize = header.Size;
            image.CopyPixelDataTo(into.Pixels);
            Orientation.Apply(OrientationOf(image), into);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or UnreadableImageException))
        {
            // Damaged files surface as whatever the code stumbles on, NullReferenceException included; to us they are all one thing.
            throw new UnreadableImageException($"damaged or truncated {header.Format} of {header.Size}", error);
        }
    }

    private static int OrientationOf(Image<Rgb24> image) =>
        image.Metadata.ExifProfile is { } exif && exif.GetValue(ExifTag.Orientation) is { } value ? value.Value : 1;
}
