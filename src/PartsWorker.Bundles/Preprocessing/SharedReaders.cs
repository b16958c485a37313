namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Formats that both decoders read by the same code, so that their pixels are equal.</summary>
internal static class SharedReaders
{
    /// <returns>False for a format that is the decoder's own.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> file, ImageHeader header, DecodeRequest request, DecodedImage into)
    {
        switch (header.Format)
        {
            case ImageFormat.Bmp:
                BmpReader.Decode(file, header, into);
                return true;
            case ImageFormat.Pnm:
                PnmReader.Decode(file, request, into);
                return true;
            case ImageFormat.Tiff:
                TiffReader.Decode(file, header, request, into);
                Orientation.Apply(header.Orientation, into);
                return true;
            default:
                return false;
        }
    }
}
