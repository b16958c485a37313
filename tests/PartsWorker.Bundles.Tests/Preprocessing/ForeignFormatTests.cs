using System.Text;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>A file that is not read is refused by the name of its format, in one line with what helps, by both decoders.</summary>
public sealed class ForeignFormatTests
{
    public static TheoryData<string, byte[]> Files => new()
    {
        { "a GIF is not read; save it as JPEG, PNG or TIFF", Text("GIF89a\x01\0\x01\0\0\0\0;") },
        { "a HEIC is not read; set the camera to JPEG", Box("heic") },
        { "a HEIC is not read", Box("mif1", "heix") },
        { "a HEIF is not read", Box("mif1") },
        { "an AVIF is not read", Box("avif") },
        { "an AVIF is not read", Box("mif1", "avif") },
        { "a Canon raw file (CR3) is not read", Box("crx ") },
        { "an MP4 or QuickTime video is not read; send one image per message", Box("isom") },
        { "a JPEG 2000 is not read", [0, 0, 0, 12, .. "jP  \r\n"u8, 0x87, 0x0A, 0, 0] },
        { "a JPEG 2000 is not read", [0xFF, 0x4F, 0xFF, 0x51, 0, 0] },
        { "a JPEG XL is not read", [0xFF, 0x0A, 0, 0] },
        { "a JPEG XL is not read", [0, 0, 0, 12, .. "JXL \r\n"u8, 0x87, 0x0A] },
        { "a JPEG XR is not read", [.. "II"u8, 0xBC, 1, 0, 0] },
        { "an SVG drawing is not read", Text("<svg xmlns=\"http://www.w3.org/2000/svg\"/>") },
        { "an SVG drawing is not read", Text("<?xml version=\"1.0\"?>\n<!-- drawn -->\n<svg/>") },
        { "a PDF is not read", Text("%PDF-1.7\n") },
        { "a Photoshop file (PSD) is not read", Text("8BPS\0\x01") },
        { "a Windows icon (ICO) is not read", [0, 0, 1, 0, 1, 0] },
        { "an OpenEXR image is not read", [0x76, 0x2F, 0x31, 0x01, 2] },
        { "a FITS image is not read", Text("SIMPLE  =                    T") },
        { "a DICOM image is not read", [.. new byte[128], .. "DICM"u8] },
        { "a NumPy array is not read", [0x93, .. "NUMPY"u8, 1, 0] },
        { "a QOI image is not read", Text("qoif\0\0\0\x01") },
        { "a Fujifilm raw file (RAF) is not read; let the camera write JPEG", Text("FUJIFILMCCD-RAW 0201") },
        { "an HTML page is not read; the address leads to a page", Text("\r\n<!DOCTYPE html><html>") },
        { "an XML document is not read; the storage may have answered with an error", Text("<?xml version=\"1.0\"?><Error/>") },
        { "JSON text is not read; a service may have answered with an error", Text("{\"error\":\"unauthorized\"}") },
        { "a ZIP archive is not read; send one image per message", Text("PK\x03\x04") },
        { "gzip data is not read; publish it uncompressed", [0x1F, 0x8B, 8, 0] },
        { "a RIFF file, not a WebP (perhaps an AVI video), is not read", Text("RIFF\0\0\0\0AVI LIST") },
        { "a Git LFS pointer is not read; run 'git lfs pull'", Text("version https://git-lfs.github.com/spec/v1\n") },
        { "base64 text of a JPEG is not read; publish the bytes themselves", Text("/9j/4AAQSkZJRg==") },
        { "a helper file of macOS (AppleDouble) is not read", [0, 5, 0x16, 7, 0, 2, 0, 0] },
        { "UTF-16 text is not read", [0xFF, 0xFE, (byte)'a', 0] },
        { "the file begins with zeros: its upload was not finished", new byte[4096] },
        { "the file is empty", [] },
        { "not an image that is read (JPEG, PNG, WebP, BMP, TIFF or PNM): it begins with 7468697320697320", Text("this is not an image") },
        { "a JPEG-LS is not read", Jpeg(0xF7, 8) },
        { "a lossless JPEG is not read", Jpeg(0xC3, 8) },
        { "a JPEG of 12 bits per sample is not read", Jpeg(0xC1, 12) },
        { "a BMP with RLE compression is not read", Bmp(8, 1) },
        { "a BMP of 16 bits is not read", Bmp(16, 0) },
        { "a BMP with an embedded PNG is not read", Bmp(24, 5) },
        { "an OS/2 bitmap array is not read", Text("BA\x28\0\0\0") },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_is_refused_by_its_name(string because, byte[] file)
    {
        foreach (var decoder in ImageDecoders.All)
        {
            var error = Assert.Throws<UnreadableImageException>(() => Decoders.Decode(decoder, file));
            Assert.StartsWith(because, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Os2_bitmaps_are_read()
    {
        // Version 1: a header of 12 bytes, and three bytes per color. Version 2: 64 bytes.
        byte[] header = [.. "BM"u8, 36, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, 1, 0, 1, 0, 1, 0, 8, 0];
        byte[] first = [.. header, 0, 0, 0, 30, 20, 10, 1, 0, 0, 0];
        byte[] second = [.. TestBmp.Write(1, 1, 24, new byte[24]), 3, 2, 1, 0];
        (second[10], second[14]) = (78, 64);
        foreach (var decoder in ImageDecoders.All)
        {
            Assert.Equal([10, 20, 30], Decoders.Decode(decoder, first));
            Assert.Equal([1, 2, 3], Decoders.Decode(decoder, second));
            var sixteenColors = TestBmp.Write(2, 1, 4, [0x10, 0, 0, 0], [0, 0, 0, 0, 9, 9, 9, 0]);
            Assert.Equal([9, 9, 9, 0, 0, 0], Decoders.Decode(decoder, sixteenColors));
        }
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Box(params string[] brands) =>
    [
        0, 0, 0, (byte)(12 + (brands.Length * 4)), .. "ftyp"u8, .. Text(brands[0]), .. new byte[4], .. Text(string.Concat(brands.Skip(1))),
    ];

    private static byte[] Jpeg(byte frame, byte bits) =>
        [0xFF, 0xD8, 0xFF, frame, 0, 11, bits, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xDA, 0xFF, 0xD9];

    private static byte[] Bmp(ushort bits, byte compression)
    {
        var file = TestBmp.Write(1, 1, bits, new byte[4], bits == 8 ? new byte[4] : null);
        file[30] = compression;
        return file;
    }
}
