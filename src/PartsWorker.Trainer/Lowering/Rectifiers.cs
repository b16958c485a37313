using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// ReLU and PReLU without a branch per element: ONNX Runtime's CPU kernels of PRelu and Where choose element by element, and on signs
/// that cannot be predicted cost about three times as much as the passes of vector arithmetic here.
/// </summary>
internal static class Rectifiers
{
    // Steeper than any float: hard_sigmoid(x) = max(0, min(1, steep·x + offset)) is 0 or 1 for everything but denormals.
    private const float Steep = 3e38f;

    /// <summary>x + (slope - 1)·min(x, 0); slope [C].</summary>
    public static Value PRelu(GraphBuilder g, Value x, Value slope) =>
        g.Add(x, g.Mul(g.Min(x, g.Scalar(0)), SlopeLessOne(g, x, slope)));

    /// <summary>With v = dy where x &lt;= 0: dx = dy + (slope - 1)·v, and v·x summed per channel is the slope's gradient.</summary>
    public static Value?[] PReluGradient(GraphBuilder g, Value x, Value slope, Value dy)
    {
        var below = g.Mul(dy, g.HardSigmoid(x, -Steep, 1));
        var dSlope = g.ReduceSum(g.Mul(below, x), x.OtherAxes, keep: false);
        return [g.Add(dy, g.Mul(below, SlopeLessOne(g, x, slope))), dSlope];
    }

    /// <summary>dy where y = relu(x) is above zero.</summary>
    public static Value ReluGradient(GraphBuilder g, Value y, Value dy) => g.Mul(dy, g.HardSigmoid(y, Steep, 0));

    private static Value SlopeLessOne(GraphBuilder g, Value x, Value slope) => g.PerChannel(x, g.Sub(slope, g.Scalar(1)));
}
