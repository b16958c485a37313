using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;

namespace PartsWorker.Trainer.Networks;

/// <summary>
/// LambdaNetworks (arXiv 2102.08602), 4 heads, key depth 16, intra-depth 1, local context 23x23: every position multiplies its query
/// with a linear map made from the whole image (content) and from its neighborhood (position).
/// </summary>
internal static class LambdaLayer
{
    private const int HeadCount = 4;
    private const int Keys = 16;
    private const int Context = 23;

    /// <summary>Lambda layer, batch normalization, SiLU; the channel count stays.</summary>
    public static Value Block(Layers l, Value x, string name) => l.Ops.Silu(l.BatchNorm(Build(l, x, name + ".0"), name + ".1"));

    public static Value Build(Layers l, Value input, string name)
    {
        var o = l.Ops;
        var x = o.InLayout(input, Layout.ChannelsFirst);
        var (batch, pixels, depth) = (x.Batch, x.Height * x.Width, x.Channels / HeadCount);
        var queries = l.BatchNorm(Project(l, x, name + ".queries.0", Keys * HeadCount), name + ".queries.1");
        var keys = o.Softmax(o.Reshape(Project(l, x, name + ".keys.0", Keys), batch, Keys, pixels), 2);
        var values = l.BatchNorm(Project(l, x, name + ".values.0", depth), name + ".values.1");

        var content = o.MatMul(keys, o.Transpose(o.Reshape(values, batch, depth, pixels), 0, 2, 1));
        var lambdas = o.Add(Positions(l, values, name), o.Reshape(content, batch, 1, Keys, depth));
        var perPixel = o.Transpose(o.Reshape(queries, batch, HeadCount, Keys, pixels), 0, 3, 1, 2);
        var mixed = o.Reshape(o.MatMul(perPixel, lambdas), batch, pixels, x.Channels);
        return o.Reshape(o.Transpose(mixed, 0, 2, 1), batch, x.Channels, x.Height, x.Width);
    }

    // One convolution over every value channel as an image of its own: [N·v, 1, H, W] -> [N·v, k, H, W] -> [N, HW, k, v].
    private static Value Positions(Layers l, Value values, string name)
    {
        var (o, batch, depth, pixels) = (l.Ops, values.Batch, values.Channels, values.Height * values.Width);
        var images = o.Reshape(values, Shapes.Product(batch, depth), 1, values.Height, values.Width);
        var form = new StemConvolution(new Window(Context, 1, Context / 2));
        var near = l.Conv(images, name + ".embedding", [Keys, 1, Context, Context], form);
        return o.Transpose(o.Reshape(near, batch, depth, Keys, pixels), 0, 3, 2, 1);
    }

    private static Value Project(Layers l, Value x, string name, int outputs) =>
        l.Conv(x, name, [outputs, x.Channels, 1, 1], new PointwiseConvolution(new Window(1)));
}
