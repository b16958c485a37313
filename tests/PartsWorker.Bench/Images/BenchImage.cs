using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Images;

/// <summary>
/// A synthetic image of 640x480: shapes on a gradient with sensor-like noise, so that it compresses like the image of a camera (about
/// 65 KB). The same number always gives the same image.
/// </summary>
internal static class BenchImage
{
    public const int Width = 640;
    public const int Height = 480;
    private const int Quality = 90;
    private const float GrainStrength = 4;

    public static byte[] Jpeg(int number)
    {
        var chance = new Random(number);
        var rgb = new byte[Width * Height * 3];
        Gradient(rgb, chance);
        for (var shapes = chance.Next(8, 25); shapes > 0; shapes--)
        {
            Ellipse(rgb, chance);
        }

        Grain(rgb, chance);
        return JpegFile.Encode(rgb, new ImageSize(Width, Height), Quality);
    }

    private static void Gradient(byte[] rgb, Random chance)
    {
        int[] from = [chance.Next(90, 240), chance.Next(90, 240), chance.Next(90, 240)];
        int[] to = [chance.Next(20, 160), chance.Next(20, 160), chance.Next(20, 160)];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y) = (i / 3 % Width, i / 3 / Width);
            rgb[i] = (byte)(from[i % 3] + ((to[i % 3] - from[i % 3]) * (x + y) / (Width + Height)));
        }
    }

    private static void Ellipse(byte[] rgb, Random chance)
    {
        var (cx, cy, rx, ry) = (chance.Next(Width), chance.Next(Height), chance.Next(10, 150), chance.Next(10, 120));
        byte[] color = [(byte)chance.Next(256), (byte)chance.Next(256), (byte)chance.Next(256)];
        for (var y = Math.Max(0, cy - ry); y < Math.Min(Height, cy + ry); y++)
        {
            var half = (int)(rx * Math.Sqrt(1 - ((double)(y - cy) * (y - cy) / (ry * ry))));
            for (var x = Math.Max(0, cx - half); x < Math.Min(Width, cx + half); x++)
            {
                color.CopyTo(rgb, ((y * Width) + x) * 3);
            }
        }
    }

    // Neighbors share part of the noise, as after demosaicing: white noise alone would compress far worse than a photograph.
    private static void Grain(byte[] rgb, Random chance)
    {
        var noise = new float[Width * Height];
        for (var i = 0; i < noise.Length; i++)
        {
            var white = (chance.NextSingle() + chance.NextSingle() + chance.NextSingle() - 1.5f) * 2;
            noise[i] = (0.45f * (i > 0 ? noise[i - 1] : 0)) + (0.3f * (i >= Width ? noise[i - Width] : 0)) + (white * 0.75f);
        }

        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)Math.Clamp(rgb[i] + (noise[i / 3] * GrainStrength), 0, 255);
        }
    }
}
