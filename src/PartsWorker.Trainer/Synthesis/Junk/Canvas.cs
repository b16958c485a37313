using System.Numerics;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>
/// A drawing surface. Positions are relative to the center in units of the shorter side, so the shorter side spans -0.5..0.5; y points
/// down. Colors are sRGB 0..1.
/// </summary>
internal sealed class Canvas(ImageSize size)
{
    private static readonly ImageSize[] Sizes = [new(640, 480), new(640, 480), new(480, 640), new(800, 600), new(512, 512), new(320, 240)];
    private readonly float _unit = Math.Min(size.Width, size.Height);

    public ImageSize Size => size;

    /// <summary>Rows of RGB.</summary>
    public Vector3[] Pixels { get; } = new Vector3[size.Width * size.Height];

    /// <summary>Distance from the center to the right and to the lower edge.</summary>
    public Vector2 Half { get; } = new Vector2(size.Width, size.Height) / (2f * Math.Min(size.Width, size.Height));

    /// <summary>Width of a pixel.</summary>
    public float PixelWidth => 1 / _unit;

    /// <summary>An empty canvas in one of the sizes that cameras deliver.</summary>
    public static Canvas OfRandomSize(ref Dice dice) => new(Sizes[dice.Below(Sizes.Length)]);

    /// <summary>A random position on the canvas; <paramref name="share"/> 1 reaches the edges.</summary>
    public Vector2 Place(float share, ref Dice dice) =>
        new Vector2(Half.X * dice.Between(-1, 1), Half.Y * dice.Between(-1, 1)) * share;

    public void Fill(Func<Vector2, Vector3> paint)
    {
        for (var i = 0; i < Pixels.Length; i++)
        {
            Pixels[i] = paint(At(i % size.Width, i / size.Width));
        }
    }

    /// <summary>Changes the color of each pixel.</summary>
    public void Change(Func<Vector2, Vector3, Vector3> change)
    {
        for (var i = 0; i < Pixels.Length; i++)
        {
            Pixels[i] = change(At(i % size.Width, i / size.Width), Pixels[i]);
        }
    }

    /// <summary>Paints the inside of an outline.</summary>
    /// <param name="frame">From the coordinates of the outline to those of the canvas.</param>
    /// <param name="reach">The outline spans -reach..reach in its own coordinates.</param>
    /// <param name="outline">Signed distance, negative inside.</param>
    /// <param name="paint">Color at a position in the coordinates of the outline.</param>
    /// <param name="alpha">0 transparent, 1 opaque.</param>
    /// <param name="softness">Width of the edge in the coordinates of the outline; at least one pixel.</param>
    public void Draw(
        Matrix3x2 frame, Vector2 reach, Outline outline, Func<Vector2, Vector3> paint, float alpha = 1, float softness = 0)
    {
        if (!Matrix3x2.Invert(frame, out var back))
        {
            return;
        }

        var edge = MathF.Max(softness, PixelWidth * MathF.Sqrt(MathF.Abs(back.GetDeterminant())));
        var (left, top, right, bottom) = Bounds(frame, reach + new Vector2(edge));
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var p = Vector2.Transform(At(x, y), back);
                var cover = Math.Clamp(0.5f - (outline(p) / edge), 0, 1) * alpha;
                if (cover > 0)
                {
                    ref var pixel = ref Pixels[(y * size.Width) + x];
                    pixel = Vector3.Lerp(pixel, paint(p), cover);
                }
            }
        }
    }

    public void Rectangle(Matrix3x2 frame, Vector2 center, Vector2 half, Vector3 color, float alpha = 1, float round = 0) =>
        Draw(
            Matrix3x2.CreateTranslation(center) * frame,
            half,
            p => Outlines.Rectangle(p, half.X, half.Y, MathF.Min(round, MathF.Min(half.X, half.Y))),
            _ => color,
            alpha);

    public void Disc(Matrix3x2 frame, Vector2 center, float radius, Vector3 color, float alpha = 1, float softness = 0) =>
        Draw(Matrix3x2.CreateTranslation(center) * frame, new(radius), p => Outlines.Circle(p, radius), _ => color, alpha, softness);

    /// <summary>A straight stroke with round ends.</summary>
    public void Stroke(Vector2 from, Vector2 to, float radius, Vector3 color, float alpha = 1)
    {
        var middle = (from + to) / 2;
        var half = (to - from) / 2;
        Draw(
            Matrix3x2.CreateTranslation(middle),
            Vector2.Abs(half) + new Vector2(radius),
            p => Outlines.Capsule(p, -half, half, radius),
            _ => color,
            alpha);
    }

    public byte[] ToRgb()
    {
        var rgb = new byte[Pixels.Length * 3];
        for (var i = 0; i < Pixels.Length; i++)
        {
            var value = (Vector3.Clamp(Pixels[i], Vector3.Zero, Vector3.One) * 255) + new Vector3(0.5f);
            (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = ((byte)value.X, (byte)value.Y, (byte)value.Z);
        }

        return rgb;
    }

    private Vector2 At(int x, int y) => (new Vector2(x + 0.5f, y + 0.5f) / _unit) - Half;

    private (int Left, int Top, int Right, int Bottom) Bounds(Matrix3x2 frame, Vector2 reach)
    {
        var middle = frame.Translation;
        var spread = (Vector2.Abs(new(frame.M11, frame.M12)) * reach.X) + (Vector2.Abs(new(frame.M21, frame.M22)) * reach.Y);
        var low = (middle - spread + Half) * _unit;
        var high = (middle + spread + Half) * _unit;
        return (
            Math.Max(0, (int)MathF.Floor(low.X)),
            Math.Max(0, (int)MathF.Floor(low.Y)),
            Math.Min(size.Width - 1, (int)MathF.Ceiling(high.X)),
            Math.Min(size.Height - 1, (int)MathF.Ceiling(high.Y)));
    }
}
