using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Decodes through ImageSharp, always in full: its 2.1 line cannot decode a JPEG at a fraction of its size, so
/// <see cref="DecodeRequest.ReserveSide"/> has no effect and the resizer does all of the reduction.
/// </summary>
internal sealed class ImageSharpDecoder : IImageDecoder
{
    // The largest single block the decoder may ask for, above what the default limits let through: 64 million pixels of three bytes.
    private const int LargestBlockMegabytes = 512;

    private static readonly Configuration Codecs = CreateCodecs();

    public string Name => ImageDecoders.ImageSharp;

    public void Decode(ReadOnlySpan<byte> encoded, DecodeRequest request, DecodedImage into)
    {
        var header = ImageHeader.Check(encoded, request.Limits);
        if (SharedReaders.TryDecode(encoded, header, request, into))
        {
            return;
        }

        try
        {
            if (header.Bits == 16)
            {
                DecodeDeep(encoded, request, into);
            }
            else
            {
                using var image = Image.Load<Rgb24>(Codecs, encoded);
                into.Allocate(new ImageSize(image.Width, image.Height));
                image.CopyPixelDataTo(into.Pixels);
            }
        }
        catch (Exception error) when ((error.InnerException ?? error) is InvalidMemoryOperationException)
        {
            throw new ImageTooLargeException(
                $"{header.Format} of {header.Size} needs a block of more than {LargestBlockMegabytes} MB to decode");
        }
        catch (Exception error) when (error is not (OutOfMemoryException or UnreadableImageException))
        {
            // Damaged files cause many kinds of exceptions, even NullReferenceException; all of them mean an unreadable image.
            throw new UnreadableImageException($"damaged or truncated {header.Format} of {header.Size}", error);
        }

        Orientation.Apply(header.Orientation, into);
    }

    private static void DecodeDeep(ReadOnlySpan<byte> encoded, DecodeRequest request, DecodedImage into)
    {
        using var image = Image.Load<Rgb48>(Codecs, encoded);
        into.Allocate(new ImageSize(image.Width, image.Height));
        var rows = new DeepSamples(request.SixteenBit, into);
        for (var y = 0; y < image.Height; y++)
        {
            rows.Write(MemoryMarshal.Cast<Rgb48, ushort>(image.DangerousGetPixelRowMemory(y).Span), 3, 3, into.Row(y));
        }

        rows.Finish();
    }

    // Only these formats: the advisories open against this line concern others, which the default configuration would register.
    // Metadata is never read: a PNG's compressed texts expand a thousandfold, without a limit. ImageHeader reads the orientation.
    private static Configuration CreateCodecs()
    {
        var codecs = new Configuration(new JpegConfigurationModule(), new PngConfigurationModule(), new WebpConfigurationModule())
        {
            MaxDegreeOfParallelism = 1,
            PreferContiguousImageBuffers = true,
            MemoryAllocator = MemoryAllocator.Create(
                new MemoryAllocatorOptions { AllocationLimitMegabytes = LargestBlockMegabytes, MaximumPoolSizeMegabytes = 64 }),
        };
        codecs.ImageFormatsManager.SetDecoder(JpegFormat.Instance, new JpegDecoder { IgnoreMetadata = true });
        codecs.ImageFormatsManager.SetDecoder(PngFormat.Instance, new PngDecoder { IgnoreMetadata = true });
        codecs.ImageFormatsManager.SetDecoder(WebpFormat.Instance, new WebpDecoder { IgnoreMetadata = true });
        return codecs;
    }
}
