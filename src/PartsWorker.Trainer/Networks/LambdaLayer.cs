using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;

namespace PartsWorker.Trainer.Networks;

/// <summary>
/// LambdaNetworks (arXiv 2102.08602), 4 heads, key depth 16, intra-depth 1, local context 23x23: every position multiplies its query
/// by a linear map computed from the whole image (content) and from its neighborhood (position).
/// </summary>
internal static class LambdaLayer
{
    private const int HeadCount = 4;
    private const int Keys = 16;
    private const int Context = 23;

    /// <summary>Lambda layer, batch normalization, SiLU; the number of channels stays the same.</summary>
    public static Value Block(Layers layers, Value x, string name) =>
        layers.Ops.Silu(layers.BatchNorm(Build(layers, x, name + ".0"), name + ".1"));

    public static Value Build(Layers layers, Value input, string name)
    {
        var ops = layers.Ops;
        var x = ops.InLayout(input, Layout.ChannelsFirst);
        var (batch, pixels, depth) = (x.Batch, x.Height * x.Width, x.Channels / HeadCount);
        var queries = layers.BatchNorm(Project(layers, x, name + ".queries.0", Keys * HeadCount), name + ".queries.1");
        var keys = ops.Softmax(ops.Reshape(Project(layers, x, name + ".keys.0", Keys), batch, Keys, pixels), 2);
        var values = layers.BatchNorm(Project(layers, x, name + ".values.0", depth), name + ".values.1");

        var content = ops.MatMul(keys, ops.Transpose(ops.Reshape(values, batch, depth, pixels), 0, 2, 1));
        var lambdas = ops.Add(Positions(layers, values, name), ops.Reshape(content, batch, 1, Keys, depth));
        var perPixel = ops.Transpose(ops.Reshape(queries, batch, HeadCount, Keys, pixels), 0, 3, 1, 2);
        var mixed = ops.Reshape(ops.MatMul(perPixel, lambdas), batch, pixels, x.Channels);
        return ops.Reshape(ops.Transpose(mixed, 0, 2, 1), batch, x.Channels, x.Height, x.Width);
    }

    // One convolution that treats every value channel as a separate image: [N·v, 1, H, W] -> [N·v, k, H, W] -> [N, HW, k, v].
    private static Value Positions(Layers layers, Value values, string name)
    {
        var (ops, batch, depth, pixels) = (layers.Ops, values.Batch, values.Channels, values.Height * values.Width);
        var images = ops.Reshape(values, Shapes.Product(batch, depth), 1, values.Height, values.Width);
        var form = new StemConvolution(new Window(Context, 1, Context / 2));
        var near = layers.Conv(images, name + ".embedding", [Keys, 1, Context, Context], form);
        return ops.Transpose(ops.Reshape(near, batch, depth, Keys, pixels), 0, 3, 2, 1);
    }

    private static Value Project(Layers layers, Value x, string name, int outputs) =>
        layers.Conv(x, name, [outputs, x.Channels, 1, 1], new PointwiseConvolution(new Window(1)));
}
