using System.Numerics;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Writes an augmented copy of one image to the batch buffer: one warp (mirror, view, aspect, rotation) with bilinear sampling, then
/// color, blur and dropout in place. The caller supplies all randomness. Not thread-safe.
/// </summary>
internal sealed class Augmenter(AugmentationOptions options, int size)
{
    public AugmentationOptions Options => options;

    private readonly float[] _work = new float[size * size * 3];
    private readonly float[] _blurred = new float[size * size * 3];

    /// <param name="source">RGB square image.</param>
    /// <param name="side">Side of the source in pixels.</param>
    /// <param name="into">size*size*3 bytes.</param>
    /// <param name="dice">Random numbers of this (seed, step, slot).</param>
    public void Apply(ReadOnlySpan<byte> source, int side, Span<byte> into, ref Dice dice)
    {
        Warp(source, side, PickView(ref dice));
        ImageFilters.Recolor(_work, options, ref dice);
        if (dice.Chance(options.Blur))
        {
            ImageFilters.Blur(_work, _blurred, size, dice.Between(0.3f, options.BlurSigma));
        }

        if (dice.Chance(options.Dropout))
        {
            ImageFilters.DropOut(_work, size, options, ref dice);
        }

        for (var i = 0; i < into.Length; i++)
        {
            into[i] = (byte)Math.Clamp(_work[i] + 0.5f, 0, 255);
        }
    }

    /// <summary>Maps output positions to source positions, in units of the source's side around its center.</summary>
    private Matrix3x2 PickView(ref Dice dice)
    {
        var view = dice.Between(options.MinView, options.MaxView);
        var stretch = MathF.Exp(dice.Between(-options.Aspect, options.Aspect) / 2);
        var angle = dice.Between(-options.Rotation, options.Rotation) * MathF.PI / 180;
        var mirror = dice.Chance(options.Mirror) ? -1f : 1f;
        var room = MathF.Abs(1 - view) / 2;
        var shift = new Vector2(dice.Between(-room, room), dice.Between(-room, room));
        return Matrix3x2.CreateScale(view * stretch * mirror, view / stretch)
            * Matrix3x2.CreateRotation(angle)
            * Matrix3x2.CreateTranslation(shift);
    }

    private void Warp(ReadOnlySpan<byte> source, int side, Matrix3x2 view)
    {
        var step = new Vector2(view.M11, view.M12) * (side / (float)size);
        for (var y = 0; y < size; y++)
        {
            var start = new Vector2((0.5f / size) - 0.5f, ((y + 0.5f) / size) - 0.5f);
            var at = ((Vector2.Transform(start, view) + new Vector2(0.5f)) * side) - new Vector2(0.5f);
            for (var x = 0; x < size; x++, at += step)
            {
                Sample(source, side, at, _work.AsSpan(((y * size) + x) * 3, 3));
            }
        }
    }

    private static void Sample(ReadOnlySpan<byte> source, int side, Vector2 at, Span<float> into)
    {
        var (left, top) = ((int)MathF.Floor(at.X), (int)MathF.Floor(at.Y));
        if (left < 0 || top < 0 || left >= side - 1 || top >= side - 1)
        {
            SampleEdge(source, side, at, into);
            return;
        }

        var (fx, fy) = (at.X - left, at.Y - top);
        var upper = source.Slice(((top * side) + left) * 3, 6);
        var lower = source.Slice((((top + 1) * side) + left) * 3, 6);
        for (var c = 0; c < 3; c++)
        {
            var a = upper[c] + ((upper[c + 3] - upper[c]) * fx);
            var b = lower[c] + ((lower[c + 3] - lower[c]) * fx);
            into[c] = a + ((b - a) * fy);
        }
    }

    /// <summary>The nearest pixel at the edge; black outside the image, like the letterbox.</summary>
    private static void SampleEdge(ReadOnlySpan<byte> source, int side, Vector2 at, Span<float> into)
    {
        into.Clear();
        if (at.X < -0.5f || at.Y < -0.5f || at.X > side - 0.5f || at.Y > side - 0.5f)
        {
            return;
        }

        var pixel = source.Slice(
            ((Math.Clamp((int)MathF.Round(at.Y), 0, side - 1) * side) + Math.Clamp((int)MathF.Round(at.X), 0, side - 1)) * 3, 3);
        for (var c = 0; c < 3; c++)
        {
            into[c] = pixel[c];
        }
    }
}
