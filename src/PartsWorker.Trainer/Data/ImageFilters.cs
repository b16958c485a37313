namespace PartsWorker.Trainer.Data;

/// <summary>Color, blur and dropout on interleaved RGB floats 0..255.</summary>
internal static class ImageFilters
{
    public static void Recolor(Span<float> pixels, AugmentationOptions options, ref Dice dice)
    {
        var brightness = 1 + dice.Between(-options.Brightness, options.Brightness);
        var contrast = 1 + dice.Between(-options.Contrast, options.Contrast);
        var saturation = 1 + dice.Between(-options.Saturation, options.Saturation);
        Span<float> gain = stackalloc float[3];
        foreach (ref var g in gain)
        {
            g = brightness * (1 + dice.Between(-options.ChannelGain, options.ChannelGain));
        }

        var mean = System.Numerics.Tensors.TensorPrimitives.Sum<float>(pixels) / pixels.Length * brightness;
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var (r, g, b) = (pixels[i] * gain[0], pixels[i + 1] * gain[1], pixels[i + 2] * gain[2]);
            var gray = (0.299f * r) + (0.587f * g) + (0.114f * b);
            pixels[i] = mean + ((gray + ((r - gray) * saturation) - mean) * contrast);
            pixels[i + 1] = mean + ((gray + ((g - gray) * saturation) - mean) * contrast);
            pixels[i + 2] = mean + ((gray + ((b - gray) * saturation) - mean) * contrast);
        }
    }

    /// <summary>Gaussian blur with the given sigma in pixels; edge pixels are repeated.</summary>
    public static void Blur(Span<float> pixels, Span<float> scratch, int size, float sigma)
    {
        var radius = Math.Max(1, (int)MathF.Ceiling(sigma * 2.5f));
        Span<float> weights = stackalloc float[(2 * radius) + 1];
        var sum = 0f;
        for (var i = -radius; i <= radius; i++)
        {
            sum += weights[i + radius] = MathF.Exp(-i * i / (2 * sigma * sigma));
        }

        foreach (ref var w in weights)
        {
            w /= sum;
        }

        Pass(pixels, scratch, size, weights, 3, size * 3);
        Pass(scratch, pixels, size, weights, size * 3, 3);
    }

    public static void DropOut(Span<float> pixels, int size, AugmentationOptions options, ref Dice dice)
    {
        for (var holes = 1 + dice.Below(options.DropoutHoles); holes > 0; holes--)
        {
            var width = (int)(size * dice.Between(options.DropoutMin, options.DropoutMax));
            var height = (int)(size * dice.Between(options.DropoutMin, options.DropoutMax));
            var (left, top) = (dice.Below(size - width + 1), dice.Below(size - height + 1));
            for (var y = top; y < top + height; y++)
            {
                pixels.Slice(((y * size) + left) * 3, width * 3).Clear();
            }
        }
    }

    private static void Pass(ReadOnlySpan<float> from, Span<float> into, int size, ReadOnlySpan<float> weights, int along, int across)
    {
        var radius = weights.Length / 2;
        for (var line = 0; line < size; line++)
        {
            for (var i = 0; i < size; i++)
            {
                for (var c = 0; c < 3; c++)
                {
                    var value = 0f;
                    for (var w = -radius; w <= radius; w++)
                    {
                        value += weights[w + radius] * from[(line * across) + (Math.Clamp(i + w, 0, size - 1) * along) + c];
                    }

                    into[(line * across) + (i * along) + c] = value;
                }
            }
        }
    }
}
