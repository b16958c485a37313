using System.Text;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Names the formats that are not read, so that a refusal says what the file is and what helps.</summary>
internal static class ForeignFormats
{
    /// <summary>The formats that are read, for messages.</summary>
    public const string Readable = "JPEG, PNG, WebP, BMP, TIFF or PNM";

    private const string Convert = "save it as JPEG, PNG or TIFF";
    private const string Develop = "let the camera write JPEG or TIFF, or convert it";
    private const string OneImage = "send one image per message";
    private const int ShownBytes = 8;
    private const int HeadBytes = 512;
    private const int DicomAt = 128;
    private const int TarAt = 257;

    // Signatures at the beginning of a file, the longer ones first where one begins with another.
    private static readonly (byte[] Signature, string Name, string Remedy)[] Signatures =
    [
        .. Named(Convert, ("GIF87a", "a GIF"), ("GIF89a", "a GIF"), ("8BPS", "a Photoshop file (PSD)"), ("qoif", "a QOI image")),
        .. Named(Convert, ("gimp xcf", "a GIMP file (XCF)"), ("SIMPLE  =", "a FITS image"), ("FLIF", "a FLIF image")),
        .. Named(Convert, ("farbfeld", "a farbfeld image"), ("#?RADIANCE", "a Radiance HDR image"), ("#?RGBE", "a Radiance HDR image")),
        .. Named(Convert, ("AT&TFORM", "a DjVu file"), ("DDS ", "a DDS texture"), ("MATLAB 5.0", "a MATLAB file"), ("P7\n", "a PAM image")),
        .. Named(Convert, ("BA", "an OS/2 bitmap array"), ("%PDF-", "a PDF")),
        .. Named(Convert, ("PF\n", "a floating-point PNM (PFM)"), ("Pf\n", "a floating-point PNM (PFM)")),
        .. Named(Convert, ("%!PS", "a PostScript file"), ("/* XPM */", "an XPM image"), ("#define ", "C source text")),
        .. Named(Develop, ("FUJIFILMCCD-RAW", "a Fujifilm raw file (RAF)"), ("FOVb", "a Sigma raw file (X3F)")),
        .. Named(Develop, ("IIU\0", "a Panasonic raw file (RW2)"), ("IIRO", "an Olympus raw file (ORF)")),
        .. Named(Develop, ("IIRS", "an Olympus raw file (ORF)")),
        .. Named(Develop, ("\0MRM", "a Minolta raw file (MRW)")),
        .. Named(OneImage, ("PK\x3\x4", "a ZIP archive"), ("PK\x5\x6", "an empty ZIP archive"), ("Rar!", "a RAR archive")),
        .. Named(OneImage, ("OggS", "an Ogg file"), ("RIFF", "a RIFF file, not a WebP (perhaps an AVI video),")),
        .. Named("run 'git lfs pull' where the file comes from", ("version https://git-lfs", "a Git LFS pointer")),
        .. Named("publish the bytes themselves", ("data:image/", "a data URI"), ("/9j/", "base64 text of a JPEG")),
        .. Named("publish the bytes themselves", ("iVBORw0KGgo", "base64 text of a PNG")),
        ([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A], "a JPEG 2000", Convert),
        ([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000", Convert),
        ([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A], "a JPEG XL", Convert),
        ([0xFF, 0x0A], "a JPEG XL", Convert),
        ([0x49, 0x49, 0xBC], "a JPEG XR", Convert),
        ([0x00, 0x00, 0x01, 0x00], "a Windows icon (ICO)", Convert),
        ([0x00, 0x00, 0x02, 0x00], "a Windows cursor (CUR) or a Truevision TGA", Convert),
        ([0x76, 0x2F, 0x31, 0x01], "an OpenEXR image", Convert),
        ([0x8A, 0x4D, 0x4E, 0x47], "an MNG animation", Convert),
        ([0x8B, 0x4A, 0x4E, 0x47], "a JNG image", Convert),
        ([0x42, 0x50, 0x47, 0xFB], "a BPG image", Convert),
        ([0x59, 0xA6, 0x6A, 0x95], "a Sun raster image", Convert),
        ([0x01, 0xDA], "an SGI image", Convert),
        ([0x0A, 0x05, 0x01], "a PCX image", Convert),
        ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array", Convert),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", Convert),
        ([0x1F, 0x8B], "gzip data", "publish it uncompressed"),
        ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard data", "publish it uncompressed"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive", OneImage),
        ([0x1A, 0x45, 0xDF, 0xA3], "a Matroska or WebM video", OneImage),
        ([0x00, 0x00, 0x01, 0xBA], "an MPEG video", OneImage),
        ([0x00, 0x05, 0x16, 0x07], "a helper file of macOS (AppleDouble)", "publish the image beside it"),
    ];

    public static UnreadableImageException Refuse(ReadOnlySpan<byte> file)
    {
        foreach (var (signature, name, remedy) in Signatures)
        {
            if (file.StartsWith(signature))
            {
                return Refusal(name, remedy);
            }
        }

        var head = file[..Math.Min(file.Length, HeadBytes)];
        if (head.Length >= 12 && head.Slice(4, 4).SequenceEqual("ftyp"u8))
        {
            return Boxed(head);
        }

        if (head.Length >= DicomAt + 4 && head.Slice(DicomAt, 4).SequenceEqual("DICM"u8))
        {
            return Refusal("a DICOM image", Convert);
        }

        if (head.Length >= TarAt + 5 && head.Slice(TarAt, 5).SequenceEqual("ustar"u8))
        {
            return Refusal("a tar archive", OneImage);
        }

        if (head.IndexOfAnyExcept((byte)0) < 0)
        {
            return new("the file begins with zeros: its upload was not finished, or its disk has lost it; publish it again");
        }

        var start = System.Convert.ToHexString(file[..Math.Min(file.Length, ShownBytes)]);
        return Texts(head) ?? new UnreadableImageException($"not an image that is read ({Readable}): it begins with {start}");
    }

    /// <summary>One line: what the file is, that it is not read, and what helps.</summary>
    /// <param name="name">With its article: <c>a GIF</c>.</param>
    /// <param name="remedy">What the user can do.</param>
    public static UnreadableImageException Refusal(string name, string remedy = Convert) => new($"{name} is not read; {remedy}");

    // ISO base media files name their brand, and the brands they are compatible with, in their first box.
    private static UnreadableImageException Boxed(ReadOnlySpan<byte> head)
    {
        var brands = Encoding.Latin1.GetString(head[8..Math.Min(head.Length, Math.Max(12, (int)head[3]))]);
        return brands switch
        {
            _ when brands.Contains("avi", StringComparison.Ordinal) => Refusal("an AVIF"),
            _ when brands.StartsWith("crx", StringComparison.Ordinal) => Refusal("a Canon raw file (CR3)", Develop),
            _ when brands.Contains("hei", StringComparison.Ordinal) || brands.Contains("hev", StringComparison.Ordinal) =>
                Refusal("a HEIC", "set the camera to JPEG ('most compatible'), or convert it"),
            _ when brands.Contains("mif1", StringComparison.Ordinal) || brands.Contains("msf1", StringComparison.Ordinal) =>
                Refusal("a HEIF", "set the camera to JPEG, or convert it"),
            _ when brands.StartsWith("jp2", StringComparison.Ordinal) || brands.StartsWith("jpx", StringComparison.Ordinal) =>
                Refusal("a JPEG 2000"),
            _ => Refusal("an MP4 or QuickTime video", OneImage),
        };
    }

    private static UnreadableImageException? Texts(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return Refusal("UTF-16 text", Convert);
        }

        var text = Encoding.Latin1.GetString(head.StartsWith("\uFEFF"u8) ? head[3..] : head).TrimStart();
        bool Has(string tag) => text.Contains(tag, StringComparison.OrdinalIgnoreCase);
        return text switch
        {
            _ when !text.StartsWith('<') && !text.StartsWith('{') && !text.StartsWith('[') => null,
            _ when Has("<svg") => Refusal("an SVG drawing"),
            _ when Has("<!doctype html") || Has("<html") =>
                Refusal("an HTML page", "the address leads to a page (a sign-in or an error?), not to an image"),
            _ when text.StartsWith("<?xml", StringComparison.Ordinal) =>
                Refusal("an XML document", "the storage may have answered with an error"),
            _ when text.StartsWith('<') => null,
            _ => Refusal("JSON text", "a service may have answered with an error"),
        };
    }

    private static IEnumerable<(byte[] Signature, string Name, string Remedy)> Named(
        string remedy, params (string Signature, string Name)[] formats) =>
        formats.Select(format => (Encoding.Latin1.GetBytes(format.Signature), format.Name, remedy));
}
