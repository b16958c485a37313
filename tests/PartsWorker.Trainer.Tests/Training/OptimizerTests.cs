using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class OptimizerTests
{
    private const float Rate = 0.1f;

    [Fact]
    public void Sgd_with_momentum_and_decay_follows_its_formula()
    {
        var (w, m) = (1.0, 0.0);
        Check(new OptimizerOptions { Kind = OptimizerKind.Sgd, Momentum = 0.9f, WeightDecay = 0.01f, ClipNorm = 0 }, g =>
        {
            m = (0.9 * m) + g + (0.01 * w);
            return w -= Rate * m;
        });
    }

    [Fact]
    public void Sgd_with_Nesterov_follows_its_formula()
    {
        var (w, m) = (1.0, 0.0);
        Check(new OptimizerOptions { Kind = OptimizerKind.Sgd, Momentum = 0.9f, Nesterov = true, WeightDecay = 0, ClipNorm = 0 }, g =>
        {
            m = (0.9 * m) + g;
            return w -= Rate * (g + (0.9 * m));
        });
    }

    [Fact]
    public void Adam_adds_weight_decay_to_the_gradient() => CheckAdam(OptimizerKind.Adam);

    [Fact]
    public void AdamW_decouples_weight_decay() => CheckAdam(OptimizerKind.AdamW);

    [Fact]
    public void A_gradient_with_a_large_norm_is_clipped()
    {
        var optimizer = new Optimizer(
            new OptimizerOptions { Kind = OptimizerKind.Sgd, Momentum = 0, WeightDecay = 0, ClipNorm = 1 }, [(Matrix("w"), 0, 0)], 1);
        float[] state = [0];
        Assert.Equal(50, optimizer.Apply(state, new float[] { 50 }, Rate, 0), 1e-4);
        Assert.Equal(-Rate, state[0], 1e-6f);
    }

    [Fact]
    public void Weight_decay_does_not_change_vectors_and_class_centers()
    {
        (ParameterSpec, int, int)[] parts =
            [(Matrix("w"), 0, 0), (new ParameterSpec("bias", [1], Initializer.Zero), 1, 1), (Matrix(MarginHead.WeightName), 2, 2)];
        var optimizer = new Optimizer(new OptimizerOptions { Kind = OptimizerKind.AdamW, WeightDecay = 0.5f }, parts, 3);
        float[] state = [1, 1, 1];
        optimizer.Apply(state, new float[3], Rate, 0);
        Assert.Equal([1 - (Rate * 0.5f), 1, 1], state);
    }

    [Fact]
    public void A_gradient_with_NaN_changes_nothing()
    {
        var optimizer = new Optimizer(new OptimizerOptions(), [(Matrix("w"), 0, 0)], 1);
        float[] state = [1];
        Assert.False(double.IsFinite(optimizer.Apply(state, new[] { float.NaN }, Rate, 0)));
        Assert.Equal(1, state[0]);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        const int Length = 50_000;
        var results = new[] { 1, 3 }.Select(threads =>
        {
            var matrix = new ParameterSpec("w", [Length / 10, 10], Initializer.Zero);
            var optimizer = new Optimizer(
                new OptimizerOptions { WeightDecay = 0.1f, ClipNorm = 1 }, [(matrix, 8, 0), (Matrix("v"), 0, Length)], Length + 8, threads);
            var (state, gradients) = (Numbers(Length + 8, 1), Numbers(Length + 1, 2));
            var norms = new[] { 0, 1 }.Select(step => optimizer.Apply(state, gradients, Rate, step)).ToArray();
            return (norms, state);
        }).ToArray();
        Assert.Equal(results[0].norms, results[1].norms);
        Assert.Equal(results[0].state, results[1].state);
        Assert.NotEqual(results[0].state[Length + 7], Numbers(Length + 8, 1)[Length + 7]);
    }

    private static float[] Numbers(int count, int seed)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => chance.NextSingle() - 0.5f)];
    }

    private static void CheckAdam(OptimizerKind kind)
    {
        var (w, m, v, t) = (1.0, 0.0, 0.0, 0);
        Check(new OptimizerOptions { Kind = kind, WeightDecay = 0.01f, ClipNorm = 0 }, g =>
        {
            t++;
            g += kind == OptimizerKind.Adam ? 0.01 * w : 0;
            w *= kind == OptimizerKind.AdamW ? 1 - (Rate * 0.01) : 1;
            m = (0.9 * m) + (0.1 * g);
            v = (0.999 * v) + (0.001 * g * g);
            return w -= Rate * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
        });
    }

    private static void Check(OptimizerOptions options, Func<double, double> reference)
    {
        var optimizer = new Optimizer(options, [(Matrix("w"), 0, 0)], 1);
        float[] state = [1];
        for (var step = 0; step < 5; step++)
        {
            var gradient = MathF.Sin(step + 1);
            optimizer.Apply(state, new[] { gradient }, Rate, step);
            Assert.Equal(reference(gradient), state[0], 1e-5);
        }
    }

    private static ParameterSpec Matrix(string name) => new(name, [1, 1], Initializer.Zero);
}
