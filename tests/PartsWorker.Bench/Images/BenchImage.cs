using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Images;

/// <summary>
/// A synthetic image, by default of 640x480: shapes on a gradient with sensor-like noise, so that it compresses like the image of a camera
/// (about 65 KB). The same number and size always give the same image.
/// </summary>
internal static class BenchImage
{
    public const int Width = 640;
    public const int Height = 480;
    private const int Quality = 90;
    private const float GrainStrength = 4;

    public static ImageSize DefaultSize { get; } = new(Width, Height);

    public static byte[] Jpeg(int number) => Jpeg(number, DefaultSize);

    public static byte[] Jpeg(int number, ImageSize size)
    {
        var chance = new Random(number);
        var rgb = new byte[size.Width * size.Height * 3];
        Gradient(rgb, size, chance);
        for (var shapes = chance.Next(8, 25); shapes > 0; shapes--)
        {
            Ellipse(rgb, size, chance);
        }

        Grain(rgb, size, chance);
        return JpegFile.Encode(rgb, size, Quality);
    }

    private static void Gradient(byte[] rgb, ImageSize size, Random chance)
    {
        int[] from = [chance.Next(90, 240), chance.Next(90, 240), chance.Next(90, 240)];
        int[] to = [chance.Next(20, 160), chance.Next(20, 160), chance.Next(20, 160)];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y) = (i / 3 % size.Width, i / 3 / size.Width);
            rgb[i] = (byte)(from[i % 3] + ((to[i % 3] - from[i % 3]) * (x + y) / (size.Width + size.Height)));
        }
    }

    private static void Ellipse(byte[] rgb, ImageSize size, Random chance)
    {
        var (cx, cy) = (chance.Next(size.Width), chance.Next(size.Height));
        // Shapes grow with the image: a camera of more pixels sees the same parts.
        var (rx, ry) = (chance.Next(10, 150) * size.Width / Width, chance.Next(10, 120) * size.Height / Height);
        byte[] color = [(byte)chance.Next(256), (byte)chance.Next(256), (byte)chance.Next(256)];
        for (var y = Math.Max(0, cy - ry); y < Math.Min(size.Height, cy + ry); y++)
        {
            var half = (int)(rx * Math.Sqrt(1 - ((double)(y - cy) * (y - cy) / (ry * ry))));
            for (var x = Math.Max(0, cx - half); x < Math.Min(size.Width, cx + half); x++)
            {
                color.CopyTo(rgb, ((y * size.Width) + x) * 3);
            }
        }
    }

    // Neighbors share part of the noise, as after demosaicing: white noise alone would compress far worse than a photograph.
    private static void Grain(byte[] rgb, ImageSize size, Random chance)
    {
        var noise = new float[size.Width * size.Height];
        for (var i = 0; i < noise.Length; i++)
        {
            var white = (chance.NextSingle() + chance.NextSingle() + chance.NextSingle() - 1.5f) * 2;
            noise[i] = (0.45f * (i > 0 ? noise[i - 1] : 0)) + (0.3f * (i >= size.Width ? noise[i - size.Width] : 0)) + (white * 0.75f);
        }

        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)Math.Clamp(rgb[i] + (noise[i / 3] * GrainStrength), 0, 255);
        }
    }
}
