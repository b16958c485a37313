namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Turns decoded pixels upright. EXIF orientation o: 1 upright, 2 mirrored, 3 turned by 180, 4 flipped, 5..8 with x and y exchanged.
/// </summary>
internal static class Orientation
{
    public static void Apply(int orientation, DecodedImage image)
    {
        if (orientation is < 2 or > 8)
        {
            return;
        }

        var exchanged = orientation >= 5;
        using var turned = new DecodedImage();
        turned.Allocate(exchanged ? image.Size.Transposed : image.Size);
        turned.OriginalSize = exchanged ? image.OriginalSize.Transposed : image.OriginalSize;
        var source = image.Pixels;
        for (var y = 0; y < turned.Height; y++)
        {
            var (start, step) = Walk(orientation, y, image.Size);
            var row = turned.Row(y);
            for (int x = 0, at = start; x < row.Length; x += 3, at += step)
            {
                source.Slice(at, 3).CopyTo(row[x..]);
            }
        }

        image.SwapWith(turned);
    }

    /// <summary>Start of the upright row y in the stored image, and the distance between its pixels, in bytes.</summary>
    private static (int Start, int Step) Walk(int orientation, int y, ImageSize stored)
    {
        var (w, h) = (stored.Width, stored.Height);
        var (startX, startY, stepX, stepY) = orientation switch
        {
            2 => (w - 1, y, -1, 0),
            3 => (w - 1, h - 1 - y, -1, 0),
            4 => (0, h - 1 - y, 1, 0),
            5 => (y, 0, 0, 1),
            6 => (y, h - 1, 0, -1),
            7 => (w - 1 - y, h - 1, 0, -1),
            _ => (w - 1 - y, 0, 0, 1),
        };
        return (((startY * w) + startX) * 3, ((stepY * w) + stepX) * 3);
    }
}
