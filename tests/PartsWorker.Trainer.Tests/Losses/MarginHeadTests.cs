using Google.Protobuf;
using PartsWorker.Inference;
using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Tests.Autodiff;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Tests.Losses;

public sealed class MarginHeadTests
{
    private const int Rows = 5;
    private const int Classes = 3;
    private const int Width = 4;

    [Fact]
    public void Softmax_does_not_change_the_cosine() => Check(new LossSpec { Margin = MarginKind.Softmax }, c => c);

    [Fact]
    public void ArcFace_adds_an_angle_and_stays_monotonic() => Check(
        new LossSpec { M = 0.5f },
        c => c > Math.Cos(Math.PI - 0.5) ? Math.Cos(Math.Acos(c) + 0.5) : c - (0.5 * Math.Sin(0.5)));

    [Fact]
    public void ArcFace_with_an_easy_margin_does_not_change_wide_angles() => Check(
        new LossSpec { M = 0.5f, EasyMargin = true },
        c => c > 0 ? Math.Cos(Math.Acos(c) + 0.5) : c);

    [Fact]
    public void CosFace_subtracts_the_margin() => Check(new LossSpec { Margin = MarginKind.CosFace, M = 0.35f }, c => c - 0.35);

    [Fact]
    public void The_combined_margin_scales_shifts_and_subtracts() => Check(
        new LossSpec { Margin = MarginKind.Combined, M1 = 0.9f, M2 = 0.4f, M3 = 0.15f },
        c => Math.Cos((0.9 * Math.Acos(c)) + 0.4) - 0.15);

    [Fact]
    public void SphereFace_multiplies_the_angle() => Check(
        new LossSpec { Margin = MarginKind.SphereFace, M = 4 },
        c =>
        {
            var (t, k) = (Math.Acos(c), Math.Floor(4 * Math.Acos(c) / Math.PI));
            return ((k % 2 == 0 ? 1 : -1) * Math.Cos(4 * t)) - (2 * k);
        },
        sphere: true);

    [Theory]
    [InlineData("ArcFace", 0.3f)]
    [InlineData("CosFace", 0.3f)]
    [InlineData("Combined", 0.3f)]
    [InlineData("SphereFace", 2f)]
    public void Gradients_agree_with_central_differences(string kind, float margin) => GradientCheck.Run(
        (o, x) => Logits(o, new LossSpec { Margin = Enum.Parse<MarginKind>(kind), M = margin }, x[0], x[1], 0.8f).Logits,
        [[Rows, Width], [Classes, Width]],
        step: 2e-3,
        tolerance: 3e-2);

    [Fact]
    public void A_hard_negative_weighs_more_the_more_similar_it_is()
    {
        var plain = Forward(new LossSpec { M = 0.3f });
        var weighted = Forward(new LossSpec { M = 0.3f, HardNegatives = 0.2f });

        var hard = 0;
        for (var i = 0; i < Rows * Classes; i++)
        {
            var (row, own) = (i / Classes, plain.Logits[(i / Classes * Classes) + Label(i / Classes)]);
            var isHard = i % Classes != Label(row) && plain.Cosines[i] * 10 > own;
            hard += isHard ? 1 : 0;
            Assert.Equal(plain.Logits[i] + (isHard ? 10 * 0.2f * (plain.Cosines[i] + 1) : 0), weighted.Logits[i], 2e-4);
        }

        Assert.InRange(hard, 1, (Rows * (Classes - 1)) - 1);
    }

    [Fact]
    public void Hard_negatives_have_the_gradient_of_their_weight() => GradientCheck.Run(
        (o, x) => Logits(o, new LossSpec { M = 0.3f, HardNegatives = 0.2f }, x[0], x[1], 0.8f).Logits,
        [[Rows, Width], [Classes, Width]],
        step: 1e-3,
        tolerance: 3e-2);

    [Fact]
    public void The_nearest_of_several_centers_is_used() => GradientCheck.Run(
        (o, x) => Logits(o, new LossSpec { SubCenters = 2, M = 0.2f }, x[0], x[1], 1).Logits,
        [[Rows, Width], [Classes * 2, Width]],
        step: 1e-3,
        tolerance: 3e-2);

    [Fact]
    public void Label_smoothing_spreads_its_share() => GradientCheck.Run(
        (o, x) => CrossEntropy.Mean(o, x[0], OneHot(o.Graph), 0.1f),
        [[Rows, Classes]]);

    private static void Check(LossSpec spec, Func<double, double> expected, bool sphere = false)
    {
        var (raw, cosines, logits) = Forward(spec);
        for (var i = 0; i < Rows * Classes; i++)
        {
            var row = raw.AsSpan(i / Classes * Width, Width).ToArray();
            var length = sphere ? Math.Sqrt(row.Sum(v => (double)v * v)) : 10;
            double c = cosines[i];
            var wanted = (i % Classes == Label(i / Classes) ? expected(c) : c) * length;
            Assert.Equal(wanted, logits[i], 2e-4);
        }
    }

    private static (float[] Raw, float[] Cosines, float[] Logits) Forward(LossSpec spec)
    {
        var (graph, tape) = (new GraphBuilder("margin"), new Tape());
        var ops = new Ops(graph, tape);
        var (raw, centers) = (
            graph.Input("raw", ElementType.Float, Rows, Width), graph.Input("centers", ElementType.Float, Classes, Width));
        var (cosines, logits) = Logits(ops, spec, raw, centers, 1);
        Value[] outputs = [graph.Output("cosines", cosines), graph.Output("logits", logits)];
        using var input = new GraphMemory([raw, centers]);
        using var output = new GraphMemory(outputs);
        using var session = GraphSession.Load(graph.Build().ToByteArray(), new GraphSessionOptions(1));
        using var bound = session.Bind(input.Tensors, output.Tensors);
        GradientCheck.Numbers(3, Rows * Width, -1, 1).CopyTo(input.Floats("raw"));
        GradientCheck.Numbers(4, Classes * Width, -1, 1).CopyTo(input.Floats("centers"));
        bound.Run();
        return ([.. input.Floats("raw")], [.. output.Floats("cosines")], [.. output.Floats("logits")]);
    }

    private static (Value Cosines, Value Logits) Logits(Ops ops, LossSpec spec, Value raw, Value centers, float warmth)
    {
        var layers = new Layers(ops, new GivenCenters(centers), new());
        var network = new NetworkOutputs(Embedding: Heads.Normalize(layers, raw), RawEmbedding: raw);
        return MarginHead.Build(
            ops, new GivenCenters(centers), spec, network, Classes, OneHot(ops.Graph), ops.Graph.Scalar(warmth), ops.Graph.Scalar(10));
    }

    private static int Label(int row) => row % Classes;

    private static Value OneHot(GraphBuilder graph)
    {
        var rows = new float[Rows * Classes];
        for (var r = 0; r < Rows; r++)
        {
            rows[(r * Classes) + Label(r)] = 1;
        }

        return graph.Constant(rows, Rows, Classes);
    }

    /// <summary>Returns the given tensor for the class centers.</summary>
    private sealed class GivenCenters(Value centers) : IParameterStore
    {
        public Value Parameter(ParameterSpec spec) => centers;

        public Value Normalize(Ops ops, Value x, Value scale, Value shift, string name, float epsilon) => throw new NotSupportedException();

        public Value Mask(Ops ops, Value x, int[] shape, float rate) => throw new NotSupportedException();
    }
}
