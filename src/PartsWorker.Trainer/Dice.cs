namespace PartsWorker.Trainer;

/// <summary>
/// A small deterministic random number generator (SplitMix64). The same seed and key give the same numbers on every machine and thread,
/// so that resumed runs and rendered sets are reproducible.
/// </summary>
internal struct Dice
{
    private ulong _state;

    public Dice(ulong seed) => _state = seed;

    /// <summary>An independent stream for each (seed, key, second) triple, so that threads can process items in any order.</summary>
    public static Dice For(int seed, long key, long second = 0)
    {
        var mixed = Mix(unchecked((ulong)seed + 0x9E3779B97F4A7C15UL));
        mixed = Mix(mixed ^ unchecked((ulong)key * 0xD6E8FEB86659FD93UL));
        return new(Mix(mixed ^ unchecked((ulong)second * 0xA0761D6478BD642FUL)));
    }

    public ulong NextBits()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15UL);
        return Mix(_state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Unit() => (NextBits() >> 40) * (1f / (1 << 24));

    public float Between(float low, float high) => low + ((high - low) * Unit());

    public int Below(int count) => (int)((NextBits() >> 32) * (ulong)count >> 32);

    public bool Chance(float probability) => Unit() < probability;

    /// <summary>Standard normal (Box-Muller).</summary>
    public float Normal()
    {
        var radius = MathF.Sqrt(-2f * MathF.Log(1f - Unit()));
        return radius * MathF.Cos(2f * MathF.PI * Unit());
    }

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
