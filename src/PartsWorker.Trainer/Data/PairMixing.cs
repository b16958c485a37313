namespace PartsWorker.Trainer.Data;

/// <summary>
/// Mixes images in pairs: row i with row N-1-i. Either both swap the same rectangle (CutMix) or both are blended (mixup); each keeps a
/// share of its own label and takes the rest from its partner. This keeps a network from memorizing a small data set.
/// </summary>
internal static class PairMixing
{
    public static void Apply(TrainingBatch batch, int size, AugmentationOptions options, Dice dice)
    {
        Array.Fill(batch.Shares, 1);
        if (options.CutMix + options.Blend <= 0)
        {
            return;
        }

        var bytes = size * size * 3;
        for (var (i, j) = (0, batch.Count - 1); i < j; i++, j--)
        {
            var a = batch.Pixels.AsSpan(i * bytes, bytes);
            var b = batch.Pixels.AsSpan(j * bytes, bytes);
            var draw = dice.Unit();
            var share = 1f;
            if (draw < options.CutMix)
            {
                share = SwapRectangle(a, b, size, ref dice);
            }
            else if (draw < options.CutMix + options.Blend)
            {
                share = Mix(a, b, ref dice);
            }

            (batch.Shares[i], batch.Shares[j]) = (share, share);
        }
    }

    /// <summary>
    /// Swaps a rectangle of uniformly drawn area around a random center, clipped at the edges. Returns the share of pixels that stay.
    /// </summary>
    private static float SwapRectangle(Span<byte> a, Span<byte> b, int size, ref Dice dice)
    {
        var half = MathF.Sqrt(dice.Unit()) * size / 2;
        var (x, y) = (dice.Between(0, size), dice.Between(0, size));
        var (left, right) = (Edge(x - half, size), Edge(x + half, size));
        var (top, bottom) = (Edge(y - half, size), Edge(y + half, size));
        Span<byte> row = stackalloc byte[(right - left) * 3];
        for (var line = top; line < bottom; line++)
        {
            var ours = a.Slice(((line * size) + left) * 3, row.Length);
            var theirs = b.Slice(((line * size) + left) * 3, row.Length);
            ours.CopyTo(row);
            theirs.CopyTo(ours);
            row.CopyTo(theirs);
        }

        return 1 - ((right - left) * (bottom - top) / (float)(size * size));
    }

    private static float Mix(Span<byte> a, Span<byte> b, ref Dice dice)
    {
        var share = dice.Unit();
        for (var i = 0; i < a.Length; i++)
        {
            var difference = (int)MathF.Round((a[i] - b[i]) * (1 - share));
            (a[i], b[i]) = ((byte)(a[i] - difference), (byte)(b[i] + difference));
        }

        return share;
    }

    private static int Edge(float at, int size) => Math.Clamp((int)MathF.Round(at), 0, size);
}
