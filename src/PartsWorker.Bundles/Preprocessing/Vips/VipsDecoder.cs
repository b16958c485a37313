using System.Runtime.InteropServices;
using PartsWorker.Bundles.Preprocessing.TurboJpeg;
using static PartsWorker.Bundles.Preprocessing.Vips.VipsNative;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>
/// Decodes through libvips, on the calling thread, strip by strip, so that the decoder never holds a second copy of the image.
/// </summary>
/// <param name="turboJpeg">Whether libjpeg-turbo itself decodes the JPEGs that it can; the pixels are the same.</param>
internal sealed class VipsDecoder(bool turboJpeg) : IImageDecoder
{
    // Measured: strips of 32 KiB decode a 640x480 JPEG in 1.5 ms, strips of 96 KiB in 2.8 ms; larger blocks leave the cache, and malloc
    // gives them back to the system each time.
    private const int StripBytes = 32 * 1024;

    public string Name => ImageDecoders.LibVips;

    public void Decode(ReadOnlySpan<byte> encoded, DecodeRequest request, DecodedImage into)
    {
        var header = ImageHeader.Check(encoded, request.Limits);
        if (SharedReaders.TryDecode(encoded, header, request, into))
        {
            return;
        }

        var shrink = header.Format == ImageFormat.Jpeg ? request.ShrinkFor(header.Size) : 1;
        if (!(turboJpeg && TurboJpegReader.TryDecode(encoded, header, shrink, into))
            && !TryLoad(Loader(header.Format), Options(shrink), encoded, new Target(header, shrink, request.SixteenBit, into), ReadPixels))
        {
            throw Damaged(header);
        }

        Orientation.Apply(header.Orientation, into);
    }

    private static void ReadPixels(VipsImage image, Target target)
    {
        var (header, into) = (target.Header, target.Into);
        var (size, bands, format, cmyk) = (image.Size, image.Bands, image.Format, image.IsCmyk);
        if (size.Width > header.Size.Width || size.Height > header.Size.Height
            || bands is < 1 or > 5 || (cmyk && bands < 4) || format is not (VipsFormat.UChar or VipsFormat.UShort))
        {
            throw new UnreadableImageException($"unsupported kind of {header.Format}");
        }

        into.Allocate(size);
        into.OriginalSize = target.Shrink == 1 ? size : header.Size;
        using var region = vips_region_new(image);
        var rowBytes = size.Width * bands * (format == VipsFormat.UShort ? 2 : 1);
        var lines = Math.Max(16, StripBytes / rowBytes / 16 * 16);
        var deep = new DeepSamples(target.SixteenBit, into);
        for (var top = 0; top < size.Height; top += lines)
        {
            var height = Math.Min(lines, size.Height - top);
            using var strip = Fetch(region, top, size.Width, height);
            if (strip.Bytes.IsEmpty)
            {
                throw Damaged(header);
            }

            var rows = into.Pixels.Slice(top * into.Stride, height * into.Stride);
            var source = strip.Bytes[..(rowBytes * height)];
            if (format == VipsFormat.UShort)
            {
                deep.Write(MemoryMarshal.Cast<byte, ushort>(source), bands, bands < 3 ? 1 : 3, rows);
            }
            else
            {
                PixelRows.Convert(source, bands, cmyk, rows);
            }
        }

        if (format == VipsFormat.UShort)
        {
            deep.Finish();
        }
    }

    private static string Loader(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "jpegload_source",
        ImageFormat.Png => "pngload_source",
        _ => "webpload_source",
    };

    private static string Options(int shrink) => shrink switch
    {
        1 => "access=sequential,fail_on=truncated",
        2 => "access=sequential,fail_on=truncated,shrink=2",
        4 => "access=sequential,fail_on=truncated,shrink=4",
        _ => "access=sequential,fail_on=truncated,shrink=8",
    };

    // libvips keeps one error text for the whole process, and all threads write into it: the text may belong to another file.
    private static UnreadableImageException Damaged(ImageHeader header)
    {
        vips_error_clear();
        return new UnreadableImageException($"damaged or truncated {header.Format} of {header.Size}");
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Target(ImageHeader Header, int Shrink, SixteenBitRule SixteenBit, DecodedImage Into);
}
