namespace PartsWorker.Trainer.Networks;

/// <summary>Initial values. Each parameter has its own random stream, seeded by its name, in PyTorch's element order.</summary>
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
                NormalValues(ref dice, published, MathF.Sqrt(2f / (FanOut(spec) * area)));
                break;
            case Initializer.Uniform:
                UniformValues(ref dice, published, 1 / MathF.Sqrt(inputs));
                break;
            case Initializer.Xavier:
                UniformValues(ref dice, published, MathF.Sqrt(6f / (spec.Shape[0] + spec.Shape[1])));
                break;
            default:
                Array.Fill(published, spec.Initializer switch { Initializer.One => 1f, Initializer.Quarter => 0.25f, _ => 0f });
                break;
        }

        KernelLayout.ToStored(spec, published).CopyTo(stored);
    }

    // A depthwise kernel [C,1,k,k] has one output per group, not C.
    private static int FanOut(ParameterSpec spec) => spec.Shape[1] == 1 ? 1 : spec.Shape[0];

    private static void UniformValues(ref Dice dice, Span<float> values, float bound)
    {
        foreach (ref var v in values)
        {
            v = dice.Between(-bound, bound);
        }
    }

    private static void NormalValues(ref Dice dice, Span<float> values, float deviation)
    {
        foreach (ref var v in values)
        {
            v = dice.Normal() * deviation;
        }
    }

    // FNV-1a, because String.GetHashCode differs between processes.
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
