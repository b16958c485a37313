using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// ReLU and PReLU without a branch per element. ONNX Runtime's CPU kernels of PRelu and Where branch for each element, and with
/// unpredictable signs are about three times slower than this vector arithmetic.
/// </summary>
internal static class Rectifiers
{
    // So steep that hard_sigmoid(x) = max(0, min(1, steep·x + offset)) is 0 or 1 for all numbers except denormals.
    private const float Steep = 3e38f;

    /// <summary>x + (slope - 1)·min(x, 0); slope [C].</summary>
    public static Value PRelu(GraphBuilder graph, Value x, Value slope) =>
        graph.Add(x, graph.Mul(graph.Min(x, graph.Scalar(0)), SlopeLessOne(graph, x, slope)));

    /// <summary>With v = dy where x &lt;= 0: dx = dy + (slope - 1)·v, and dslope is the sum of v·x per channel.</summary>
    public static Value?[] PReluGradient(GraphBuilder graph, Value x, Value slope, Value dy)
    {
        var below = graph.Mul(dy, graph.HardSigmoid(x, -Steep, 1));
        var dSlope = graph.ReduceSum(graph.Mul(below, x), x.OtherAxes, keep: false);
        return [graph.Add(dy, graph.Mul(below, SlopeLessOne(graph, x, slope))), dSlope];
    }

    /// <summary>dy where y = relu(x) is above zero.</summary>
    public static Value ReluGradient(GraphBuilder graph, Value y, Value dy) => graph.Mul(dy, graph.HardSigmoid(y, Steep, 0));

    private static Value SlopeLessOne(GraphBuilder graph, Value x, Value slope) => graph.PerChannel(x, graph.Sub(slope, graph.Scalar(1)));
}
