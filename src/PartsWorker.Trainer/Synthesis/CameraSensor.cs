using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>
/// Converts linear light to the 8-bit image of a factory camera: exposure, white balance, vignetting, lens blur, shot and read noise,
/// tone curve.
/// </summary>
internal sealed class CameraSensor(int size)
{
    private readonly Vector3[] _half = new Vector3[size * size];
    private readonly Vector3[] _blurred = new Vector3[size * size];

    /// <param name="light">Linear light at twice the size.</param>
    /// <param name="rgb">size*size*3 bytes.</param>
    /// <param name="whiteCard">Linear light of a white card in this scene; it determines the exposure, within half a stop.</param>
    /// <param name="dice">Random numbers of this image.</param>
    public void Expose(ReadOnlySpan<Vector3> light, Span<byte> rgb, float whiteCard, ref Dice dice)
    {
        Halve(light);
        Blur(dice.Between(0.25f, 0.85f));
        var exposure = dice.Between(0.95f, 1.3f) / whiteCard;
        var balance = new Vector3(1 + dice.Between(-0.05f, 0.05f), 1, 1 + dice.Between(-0.05f, 0.05f)) * exposure;
        var vignette = dice.Between(0, 0.25f);
        var (shot, read) = (dice.Between(0.004f, 0.02f), dice.Between(0.001f, 0.006f));
        for (var i = 0; i < _half.Length; i++)
        {
            var (x, y) = ((i % size / (size * 0.5f)) - 1, (i / size / (size * 0.5f)) - 1);
            var value = _half[i] * balance * (1 - (vignette * ((x * x) + (y * y)) * 0.5f));
            for (var c = 0; c < 3; c++)
            {
                var noisy = value[c] + (dice.Normal() * ((shot * MathF.Sqrt(MathF.Max(value[c], 0))) + read));
                rgb[(i * 3) + c] = (byte)Math.Clamp((Curve(noisy) * 255) + 0.5f, 0, 255);
            }
        }
    }

    /// <summary>Soft shoulder for highlights, then the sRGB power.</summary>
    private static float Curve(float light)
    {
        var x = MathF.Max(light, 0);
        x = x < 0.6f ? x : 0.6f + (0.4f * (1 - MathF.Exp(-(x - 0.6f) / 0.4f)));
        return x <= 0.0031308f ? x * 12.92f : (1.055f * MathF.Pow(x, 1 / 2.4f)) - 0.055f;
    }

    private void Halve(ReadOnlySpan<Vector3> light)
    {
        for (var y = 0; y < size; y++)
        {
            var row = light[(y * 2 * size * 2)..];
            var below = light[(((y * 2) + 1) * size * 2)..];
            for (var x = 0; x < size; x++)
            {
                _half[(y * size) + x] = Clip(row[x * 2]) + Clip(row[(x * 2) + 1]) + Clip(below[x * 2]) + Clip(below[(x * 2) + 1]);
            }
        }

        for (var i = 0; i < _half.Length; i++)
        {
            _half[i] *= 0.25f;
        }
    }

    private static Vector3 Clip(Vector3 light) => Vector3.Min(light, new(4));

    private void Blur(float sigma)
    {
        var side = MathF.Exp(-1 / (2 * sigma * sigma));
        var far = MathF.Exp(-4 / (2 * sigma * sigma));
        var sum = 1 + (2 * side) + (2 * far);
        Pass(_half, _blurred, 1, size, 1 / sum, side / sum, far / sum);
        Pass(_blurred, _half, size, 1, 1 / sum, side / sum, far / sum);
    }

    private void Pass(Vector3[] from, Vector3[] into, int along, int across, float middle, float side, float far)
    {
        for (var line = 0; line < size; line++)
        {
            for (var i = 0; i < size; i++)
            {
                Vector3 Get(int j) => from[(line * across) + (Math.Clamp(j, 0, size - 1) * along)];
                into[(line * across) + (i * along)] =
                    (Get(i) * middle) + ((Get(i - 1) + Get(i + 1)) * side) + ((Get(i - 2) + Get(i + 2)) * far);
            }
        }
    }
}
