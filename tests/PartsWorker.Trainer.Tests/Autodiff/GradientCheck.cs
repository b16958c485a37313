using Google.Protobuf;
using PartsWorker.Inference;
using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Tests.Autodiff;

/// <summary>Compares the gradient that the tape appends with central differences of the loss, on ONNX Runtime.</summary>
internal static class GradientCheck
{
    /// <summary>Builds a weighted sum of the output of <paramref name="network"/> and checks the gradient of every input.</summary>
    public static void Run(
        Func<Ops, Value[], Value> network, int[][] shapes, float low = -1, float high = 1, double step = 1e-2, double tolerance = 2e-2)
    {
        var graph = new GraphBuilder("check");
        var tape = new Tape();
        var inputs = shapes.Select((s, i) => graph.Input($"x{i}", ElementType.Float, s)).ToArray();
        Array.ForEach(inputs, tape.Watch);
        var ops = new Ops(graph, tape);
        var y = network(ops, inputs);
        var flat = ops.Reshape(y, 1, (int)y.Size);
        var weights = Numbers(7, (int)y.Size, 0.2f, 1f);
        var loss = ops.Sum(ops.Mul(flat, graph.UniqueConstant(weights, 1, (int)y.Size)), 0, 1);
        var gradients = Backward.Walk(graph, tape, loss);
        var outputs = new List<Value> { graph.Output("loss", loss) };
        outputs.AddRange(inputs.Select((x, i) => graph.Output($"d{i}", gradients[x.Name])));

        using var input = new GraphMemory(inputs);
        using var output = new GraphMemory(outputs);
        using var session = GraphSession.Load(graph.Build().ToByteArray(), new GraphSessionOptions(1));
        using var bound = session.Bind(input.Tensors, output.Tensors);
        for (var i = 0; i < inputs.Length; i++)
        {
            Numbers(i + 1, (int)inputs[i].Size, low, high).CopyTo(input.Floats($"x{i}"));
        }

        bound.Run();
        var analytic = inputs.Select((_, i) => output.Floats($"d{i}").ToArray()).ToArray();
        for (var i = 0; i < inputs.Length; i++)
        {
            Compare(bound, input, output, $"x{i}", analytic[i], step, tolerance);
        }
    }

    /// <summary>The same numbers on every machine, spread evenly between the bounds.</summary>
    public static float[] Numbers(int seed, int count, float low, float high)
    {
        var random = new Random(seed * 7919);
        return [.. Enumerable.Range(0, count).Select(_ => low + (random.NextSingle() * (high - low)))];
    }

    private static void Compare(
        BoundGraph bound, GraphMemory input, GraphMemory output, string name, float[] analytic, double step, double tolerance)
    {
        var largest = Math.Max(analytic.Max(Math.Abs), 1e-3);
        var stride = Math.Max(1, analytic.Length / 40);
        for (var k = 0; k < analytic.Length; k += stride)
        {
            var before = input.Floats(name)[k];
            var up = Loss(bound, input, output, name, k, before + (float)step);
            var down = Loss(bound, input, output, name, k, before - (float)step);
            input.Floats(name)[k] = before;
            var numeric = (up - down) / (2 * step);
            Assert.True(
                Math.Abs(numeric - analytic[k]) <= tolerance * largest,
                $"{name}[{k}]: differences give {numeric:g5}, the rule {analytic[k]:g5} (largest {largest:g4})");
        }
    }

    private static double Loss(BoundGraph bound, GraphMemory input, GraphMemory output, string name, int index, float value)
    {
        input.Floats(name)[index] = value;
        bound.Run();
        return output.Floats("loss")[0];
    }
}
