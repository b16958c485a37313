using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class PairMixingTests
{
    private const int Side = 8;
    private const int Bytes = Side * Side * 3;

    [Fact]
    public void Two_images_swap_a_rectangle_and_each_share_is_that_of_its_own_pixels()
    {
        foreach (var (seed, batch) in Mixed(new() { CutMix = 1 }))
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var own = Pixels(batch, row).Count(p => p == Gray(row));
                Assert.Equal(batch.Shares[row], own / (float)Bytes, 1e-6f);
                Assert.Equal(Bytes - own, Pixels(batch, row).Count(p => p == Gray(batch.Count - 1 - row)));
            }

            Assert.True(batch.Shares.Distinct().Count() > 1, $"seed {seed}");
        }
    }

    [Fact]
    public void Blended_images_keep_their_sum_and_are_weighted_by_their_share()
    {
        foreach (var (_, batch) in Mixed(new() { Blend = 1 }))
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var partner = batch.Count - 1 - row;
                var expected = (Gray(row) * batch.Shares[row]) + (Gray(partner) * (1 - batch.Shares[row]));
                Assert.All(Pixels(batch, row), p => Assert.Equal(expected, p, 0.51f));
                Assert.All(
                    Pixels(batch, row).Zip(Pixels(batch, partner)), p => Assert.Equal(Gray(row) + Gray(partner), p.First + p.Second));
            }
        }
    }

    [Fact]
    public void Without_mixing_a_reused_batch_has_full_shares_again()
    {
        var batch = Batch();
        PairMixing.Apply(batch, Side, new() { CutMix = 1 }, Dice.For(1, 1));
        var kept = batch.Pixels.ToArray();
        PairMixing.Apply(batch, Side, AugmentationOptions.None, Dice.For(1, 2));
        Assert.All(batch.Shares, s => Assert.Equal(1, s));
        Assert.Equal(kept, batch.Pixels);
    }

    [Fact]
    public void The_last_steps_of_a_run_do_not_mix()
    {
        var final = (AugmentationOptions.Scenes with { CutMix = 0.5f, Blend = 0.2f }).ForFinalSteps();
        Assert.Equal((0, 0), (final.CutMix, final.Blend));
    }

    private static IEnumerable<(int Seed, TrainingBatch Batch)> Mixed(AugmentationOptions options) => Enumerable.Range(0, 20).Select(seed =>
    {
        var batch = Batch();
        PairMixing.Apply(batch, Side, options, Dice.For(seed, 0));
        return (seed, batch);
    });

    private static TrainingBatch Batch()
    {
        var batch = new TrainingBatch(6, Side);
        for (var i = 0; i < batch.Pixels.Length; i++)
        {
            batch.Pixels[i] = Gray(i / Bytes);
        }

        return batch;
    }

    private static byte Gray(int row) => (byte)(20 + (40 * row));

    private static byte[] Pixels(TrainingBatch batch, int row) => batch.Pixels.AsSpan(row * Bytes, Bytes).ToArray();
}
