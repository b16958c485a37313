using System.Buffers;
using BitMiracle.LibTiff.Classic;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// The first page of a TIFF: gray, RGB and palette, 1 to 16 bits per sample, in strips or tiles, uncompressed or with LZW, Deflate or
/// PackBits. LibTiff.NET is managed code, so that a hostile file can at worst throw; ImageSharp's own TIFF code has open advisories.
/// </summary>
internal static unsafe class TiffReader
{
    private const int LargestTile = 64 * 1024 * 1024;
    private static readonly TiffStream FromStream = new();

    // LibTiff.NET writes to the console otherwise.
    static TiffReader() => Tiff.SetErrorHandler(new Silence());

    public static void Decode(ReadOnlySpan<byte> file, ImageHeader header, DecodeRequest request, DecodedImage into)
    {
        try
        {
            Read(file, header, request, into);
        }
        catch (Exception error) when (error is not (UnreadableImageException or OutOfMemoryException))
        {
            throw Damaged(header, error);
        }
    }

    private static void Read(ReadOnlySpan<byte> file, ImageHeader header, DecodeRequest request, DecodedImage into)
    {
        fixed (byte* pinned = file)
        {
            using var stream = new UnmanagedMemoryStream(pinned, file.Length);
            using var tiff = Tiff.ClientOpen("image", "r", stream, FromStream) ?? throw Damaged(header);
            var layout = TiffLayout.Of(tiff);
            RequireData(tiff, header, file.Length);
            into.Allocate(header.Size);
            var rows = new TiffRows(layout, request.SixteenBit, into);
            if (tiff.IsTiled())
            {
                ReadTiles(tiff, header, layout, ref rows);
            }
            else
            {
                ReadLines(tiff, header, layout, ref rows);
            }

            rows.Finish();
        }
    }

    private static void ReadLines(Tiff tiff, ImageHeader header, TiffLayout layout, ref TiffRows rows)
    {
        var line = ArrayPool<byte>.Shared.Rent(Math.Max(tiff.ScanlineSize(), layout.RowBytes(header.Size.Width)));
        try
        {
            for (short plane = 0; plane < layout.Planes; plane++)
            {
                for (var y = 0; y < header.Size.Height; y++)
                {
                    if (!tiff.ReadScanline(line, y, plane))
                    {
                        throw Damaged(header);
                    }

                    rows.Write(line, 0, header.Size.Width, y, plane);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(line);
        }
    }

    private static void ReadTiles(Tiff tiff, ImageHeader header, TiffLayout layout, ref TiffRows rows)
    {
        var (width, height) = (tiff.GetField(TiffTag.TILEWIDTH)[0].ToInt(), tiff.GetField(TiffTag.TILELENGTH)[0].ToInt());
        var stride = width is < 1 or > LargestTile ? 0 : layout.RowBytes(width);
        if (width < 1 || height < 1 || stride * (long)height > LargestTile || tiff.TileSize() != stride * height)
        {
            throw new UnreadableImageException($"damaged Tiff: tiles of {width}x{height}");
        }

        var tile = ArrayPool<byte>.Shared.Rent(stride * height);
        try
        {
            for (short plane = 0; plane < layout.Planes; plane++)
            {
                for (var top = 0; top < header.Size.Height; top += height)
                {
                    for (var left = 0; left < header.Size.Width; left += width)
                    {
                        if (tiff.ReadTile(tile, 0, left, top, 0, plane) < stride * height)
                        {
                            throw Damaged(header);
                        }

                        for (var y = 0; y < Math.Min(height, header.Size.Height - top); y++)
                        {
                            var row = tile.AsSpan(y * stride, stride);
                            rows.Write(row, left, Math.Min(width, header.Size.Width - left), top + y, plane);
                        }
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(tile);
        }
    }

    // LibTiff allocates what a strip says it needs before it reads.
    private static void RequireData(Tiff tiff, ImageHeader header, int fileLength)
    {
        var (starts, lengths) = tiff.IsTiled()
            ? (tiff.GetField(TiffTag.TILEOFFSETS), tiff.GetField(TiffTag.TILEBYTECOUNTS))
            : (tiff.GetField(TiffTag.STRIPOFFSETS), tiff.GetField(TiffTag.STRIPBYTECOUNTS));
        var (from, bytes) = (Longs(starts), Longs(lengths));
        if (from.Length == 0 || from.Length != bytes.Length)
        {
            throw Damaged(header);
        }

        for (var i = 0; i < from.Length; i++)
        {
            if (from[i] < 0 || bytes[i] <= 0 || from[i] + bytes[i] > fileLength)
            {
                throw Damaged(header);
            }
        }
    }

    private static long[] Longs(FieldValue[]? field) => field?[0].Value switch
    {
        long[] longs => longs,
        ulong[] longs => Array.ConvertAll(longs, value => (long)Math.Min(value, int.MaxValue)),
        uint[] ints => Array.ConvertAll(ints, value => (long)value),
        int[] ints => Array.ConvertAll(ints, value => (long)(uint)value),
        _ => [],
    };

    private static UnreadableImageException Damaged(ImageHeader header, Exception? error = null) =>
        new($"damaged or truncated Tiff of {header.Size}", error);

    private sealed class Silence : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
