namespace PartsWorker.Trainer.Networks;

/// <summary>Starting values. Each parameter draws from a stream named after it, in PyTorch's order of its elements.</summary>
internal static class Initializers
{
    public static void Fill(ParameterSpec spec, int seed, Span<float> stored)
    {
        var published = new float[spec.Count];
        var dice = Dice.For(seed, Hash(spec.Name));
        var area = spec.Shape.Length == 4 ? spec.Shape[2] * spec.Shape[3] : 1;
        var inputs = spec.Shape.Length > 1 ? spec.Shape[1] * area : spec.Shape[0];
        switch (spec.Initializer)
        {
            case Initializer.Kaiming:
                Normal(ref dice, published, MathF.Sqrt(2f / (FanOut(spec) * area)));
                break;
            case Initializer.Uniform:
                Even(ref dice, published, 1 / MathF.Sqrt(inputs));
                break;
            case Initializer.Xavier:
                Even(ref dice, published, MathF.Sqrt(6f / (spec.Shape[0] + spec.Shape[1])));
                break;
            default:
                Array.Fill(published, spec.Initializer switch { Initializer.One => 1f, Initializer.Quarter => 0.25f, _ => 0f });
                break;
        }

        KernelLayout.ToStored(spec, published).CopyTo(stored);
    }

    // A depthwise kernel [C,1,k,k] has one output per group, not C of them.
    private static int FanOut(ParameterSpec spec) => spec.Shape[1] == 1 ? 1 : spec.Shape[0];

    private static void Even(ref Dice dice, Span<float> values, float bound)
    {
        foreach (ref var v in values)
        {
            v = dice.Between(-bound, bound);
        }
    }

    private static void Normal(ref Dice dice, Span<float> values, float deviation)
    {
        foreach (ref var v in values)
        {
            v = dice.Normal() * deviation;
        }
    }

    // String.GetHashCode differs from process to process; FNV-1a does not.
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash;
    }
}
