using BitMiracle.LibTiff.Classic;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>Writes TIFF files of the kinds that cameras write.</summary>
internal sealed record TestTiff(int Width, int Height, ushort[] Samples)
{
    public int Bits { get; init; } = 8;

    public int Bands { get; init; } = 1;

    public Photometric Photometric { get; init; } = Photometric.MINISBLACK;

    public Compression Compression { get; init; } = Compression.NONE;

    public SampleFormat Format { get; init; } = SampleFormat.UINT;

    public bool Planes { get; init; }

    public int Tile { get; init; }

    public bool BigEndian { get; init; }

    public Orientation Turned { get; init; } = Orientation.TOPLEFT;

    public ushort[][]? Palette { get; init; }

    public byte[] Write()
    {
        using var file = new MemoryStream();
        var mode = BigEndian ? "wb" : "wl";
        using (var tiff = Tiff.ClientOpen("test", mode, file, new KeepOpen()))
        {
            SetFields(tiff);
            for (short plane = 0; plane < (Planes ? Bands : 1); plane++)
            {
                if (Tile > 0)
                {
                    WriteTiles(tiff, plane);
                }
                else
                {
                    for (var y = 0; y < Height; y++)
                    {
                        tiff.WriteScanline(Row(y, plane, 0, Width), y, plane);
                    }
                }
            }
        }

        return file.ToArray();
    }

    private void SetFields(Tiff tiff)
    {
        tiff.SetField(TiffTag.IMAGEWIDTH, Width);
        tiff.SetField(TiffTag.IMAGELENGTH, Height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, Bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, Bands);
        tiff.SetField(TiffTag.PHOTOMETRIC, Photometric);
        tiff.SetField(TiffTag.COMPRESSION, Compression);
        tiff.SetField(TiffTag.SAMPLEFORMAT, Format);
        tiff.SetField(TiffTag.PLANARCONFIG, Planes ? PlanarConfig.SEPARATE : PlanarConfig.CONTIG);
        tiff.SetField(TiffTag.ORIENTATION, Turned);
        if (Palette is { } palette)
        {
            tiff.SetField(TiffTag.COLORMAP, palette[0], palette[1], palette[2]);
        }

        if (Tile > 0)
        {
            tiff.SetField(TiffTag.TILEWIDTH, Tile);
            tiff.SetField(TiffTag.TILELENGTH, Tile);
        }
        else
        {
            tiff.SetField(TiffTag.ROWSPERSTRIP, 3);
        }
    }

    private void WriteTiles(Tiff tiff, short plane)
    {
        for (var top = 0; top < Height; top += Tile)
        {
            for (var left = 0; left < Width; left += Tile)
            {
                var rows = Enumerable.Range(top, Tile).SelectMany(y => Row(y, plane, left, Tile)).ToArray();
                tiff.WriteTile(rows, left, top, 0, plane);
            }
        }
    }

    private byte[] Row(int y, int plane, int left, int width)
    {
        var values = new List<int>();
        for (var x = left; x < left + width; x++)
        {
            for (var band = Planes ? plane : 0; band < (Planes ? plane + 1 : Bands); band++)
            {
                values.Add(x < Width && y < Height ? Samples[(((y * Width) + x) * Bands) + band] : 0);
            }
        }

        return Bits == 16 ? [.. values.SelectMany(value => BitConverter.GetBytes((ushort)value))] : Pack(values);
    }

    private byte[] Pack(List<int> values)
    {
        var row = new byte[((values.Count * Bits) + 7) / 8];
        for (var i = 0; i < values.Count * Bits; i++)
        {
            row[i / 8] |= (byte)(((values[i / Bits] >> (Bits - 1 - (i % Bits))) & 1) << (7 - (i % 8)));
        }

        return row;
    }

    private sealed class KeepOpen : TiffStream
    {
        public override void Close(object clientData)
        {
        }
    }
}
