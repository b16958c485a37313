namespace PartsWorker.Trainer.Data;

/// <summary>
/// The order of the images in an epoch: all images shuffled, with some replaced by class-balanced draws so that rare classes are used more
/// often. A pure function of (seed, epoch).
/// </summary>
internal sealed class EpochOrder(PixelCache cache, int[] images, double classBalance, int seed)
{
    private readonly int[][] _byClass = [.. images.GroupBy(cache.ClassId).OrderBy(g => g.Key).Select(g => g.ToArray())];

    public int[] Create(long epoch)
    {
        var dice = Dice.For(seed, epoch, 0x0E9);
        var order = (int[])images.Clone();
        dice.Shuffle(order.AsSpan());
        for (var i = 0; i < order.Length; i++)
        {
            if (!dice.Chance((float)classBalance))
            {
                continue;
            }

            var members = _byClass[dice.Below(_byClass.Length)];
            order[i] = members[dice.Below(members.Length)];
        }

        return order;
    }
}
