using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>1x1, stride 1, [N,C,H,W]: the weight gradient is one product per image on large maps and one for all on small ones.</summary>
internal sealed class PointwiseConvolution(Window window) : PlainConvolution(window)
{
    private const int LargeMap = 14 * 14;

    protected override Value WeightGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept)
    {
        var pixels = x.Height * x.Width;
        var gradient = pixels >= LargeMap ? PerImage(g, x, dy, pixels) : AtOnce(g, x, dy);
        return g.Reshape(gradient, weight.Shape);
    }

    private static Value PerImage(GraphBuilder g, Value x, Value dy, int pixels)
    {
        var left = g.Reshape(dy, dy.Batch, dy.Channels, pixels);
        var right = g.Transpose(g.Reshape(x, x.Batch, x.Channels, pixels), 0, 2, 1);
        return g.SumOverBatch(g.MatMul(left, right));
    }

    private static Value AtOnce(GraphBuilder g, Value x, Value dy)
    {
        var left = g.Reshape(g.Transpose(dy, 1, 0, 2, 3), dy.Channels, -1);
        var right = g.Reshape(g.Transpose(x, 1, 0, 2, 3), x.Channels, -1);
        return g.Gemm(left, right, transposeB: true);
    }
}
