using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.Model.Preprocessing;

/// <summary>Decodes through ImageSharp. Compiled only where its package restores.</summary>
internal sealed class ImageSharpDecoder : IImageDecoder
{
    // Only these formats: the TIFF reader of 3.1 has an open advisory, and the default configuration would register it.
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
            Decode(stream, header, request, into);
        }
    }

    private static void Decode(UnmanagedMemoryStream stream, ImageHeader header, DecodeRequest request, DecodedImage into)
    {
        try
        {
            using var image = Load(stream, header, request);
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

    private static Image<Rgb24> Load(UnmanagedMemoryStream stream, ImageHeader header, DecodeRequest request)
    {
        var options = new DecoderOptions { Configuration = Codecs, MaxFrames = 1 };
        var shrink = header.Format == ImageFormat.Jpeg ? request.ShrinkFor(header.Size) : 1;
        if (shrink == 1)
        {
            return Image.Load<Rgb24>(options, stream);
        }

        var target = new Size(DividedUp(header.Size.Width, shrink), DividedUp(header.Size.Height, shrink));
        var jpeg = new JpegDecoderOptions
        {
            GeneralOptions = new DecoderOptions { Configuration = Codecs, MaxFrames = 1, TargetSize = target },
            ResizeMode = JpegDecoderResizeMode.IdctOnly,
        };
        return JpegDecoder.Instance.Decode<Rgb24>(jpeg, stream);
    }

    private static int DividedUp(int length, int by) => (length + by - 1) / by;

    private static int OrientationOf(Image<Rgb24> image) =>
        image.Metadata.ExifProfile is { } exif && exif.TryGetValue(ExifTag.Orientation, out var value) ? value.Value : 1;
}
