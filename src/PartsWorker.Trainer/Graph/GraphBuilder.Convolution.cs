namespace PartsWorker.Trainer.Graph;

/// <summary>Kernel, stride, padding and groups of a convolution, the same on both axes.</summary>
internal sealed record Window(int Kernel, int Stride = 1, int Padding = 0, int Groups = 1);

internal sealed partial class GraphBuilder
{
    private const string Blocked = "com.microsoft.nchwc";

    public Value Conv(Value x, Value weight, Value? bias, int stride, int padding, int groups = 1, int dilation = 1)
    {
        Value[] inputs = bias is null ? [x, weight] : [x, weight, bias];
        var (kernelHeight, kernelWidth) = (weight.Shape[2], weight.Shape[3]);
        int[] shape =
        [
            x.Batch,
            weight.Shape[0],
            Shapes.Window(x.Shape[2], kernelHeight, stride, padding, dilation),
            Shapes.Window(x.Shape[3], kernelWidth, stride, padding, dilation),
        ];
        return Emit("Conv", inputs, ElementType.Float, shape, ConvAttributes(kernelHeight, kernelWidth, stride, padding, groups, dilation));
    }

    /// <summary>The gradient of a strided convolution with respect to its input of size [height, width].</summary>
    public Value ConvTranspose(Value dy, Value weight, int stride, int padding, int groups, int height, int width)
    {
        var kernel = weight.Shape[2];
        int OutputPadding(int size, int outSize) => size - (((outSize - 1) * stride) - (2 * padding) + kernel);
        return Emit(
            "ConvTranspose",
            [dy, weight],
            ElementType.Float,
            [dy.Batch, weight.Shape[1] * groups, height, width],
            [.. ConvAttributes(kernel, kernel, stride, padding, groups, 1),
             Attributes.Ints("output_padding", OutputPadding(height, dy.Shape[2]), OutputPadding(width, dy.Shape[3]))]);
    }

    /// <summary>ONNX Runtime's CPU convolution on channel-blocked data; inputs and output are in the blocked layout.</summary>
    public Value BlockedConv(Value x, Value weight, int stride, int padding, int groups, int dilation = 1)
    {
        var (kernelHeight, kernelWidth) = (weight.Shape[2], weight.Shape[3]);
        int[] shape =
        [
            x.Batch,
            weight.Shape[0],
            Shapes.Window(x.Shape[2], kernelHeight, stride, padding, dilation),
            Shapes.Window(x.Shape[3], kernelWidth, stride, padding, dilation),
        ];
        return EmitIn(Blocked, "Conv", [x, weight], shape, ConvAttributes(kernelHeight, kernelWidth, stride, padding, groups, dilation));
    }

    public Value ToBlocked(Value x) => EmitIn(Blocked, "ReorderInput", [x], x.Shape);

    public Value FromBlocked(Value x) => EmitIn(Blocked, "ReorderOutput", [x], x.Shape, Attributes.Int("channels", x.Shape[1]));

    public (Value Pooled, Value Indices) MaxPool(Value x, int kernel, int stride, int padding)
    {
        int[] shape =
        [
            x.Batch,
            x.Shape[1],
            Shapes.Window(x.Shape[2], kernel, stride, padding),
            Shapes.Window(x.Shape[3], kernel, stride, padding),
        ];
        var outputs = EmitMany(
            "MaxPool",
            [x],
            [Fresh(ElementType.Float, shape), Fresh(ElementType.Int64, shape)],
            Attributes.Ints("kernel_shape", kernel, kernel),
            Attributes.Ints("strides", stride, stride),
            Attributes.Ints("pads", padding, padding, padding, padding));
        return (outputs[0], outputs[1]);
    }

    public Value GlobalAveragePool(Value x) => x.Layout == Layout.ChannelsLast
        ? ReduceMean(x, [1, 2])
        : Emit("GlobalAveragePool", [x], ElementType.Float, [x.Batch, x.Shape[1], 1, 1]);

    /// <summary>Inference form with given mean and variance.</summary>
    public Value BatchNorm(Value x, Value scale, Value shift, Value mean, Value variance, float epsilon) =>
        Emit("BatchNormalization", [x, scale, shift, mean, variance], ElementType.Float, x.Shape, Attributes.Float("epsilon", epsilon));

    /// <summary>Training form; also returns the mean and the biased variance of this batch.</summary>
    public (Value Y, Value Mean, Value Variance) TrainingBatchNorm(Value x, Value scale, Value shift, float epsilon)
    {
        var channels = x.Shape[1];
        // With momentum 0 the values do not matter, but they must differ: ONNX Runtime merges equal constants, and a merged constant
        // would be overwritten twice.
        Value Unshared() => UniqueConstant([.. Enumerable.Repeat((float)(1 + _next), channels)], channels);
        var outputs = EmitMany(
            "BatchNormalization",
            [x, scale, shift, Unshared(), Unshared()],
            [Fresh(ElementType.Float, x.Shape), Fresh(ElementType.Float, [channels]), Fresh(ElementType.Float, [channels])],
            Attributes.Float("epsilon", epsilon),
            Attributes.Float("momentum", 0),
            Attributes.Int("training_mode", 1));
        return (outputs[0], outputs[1], outputs[2]);
    }

    /// <summary>Adds each update to a flat vector of zeros at its index.</summary>
    public Value ScatterAdd(Value indices, Value updates, int length)
    {
        var zeros = Emit("ConstantOfShape", [Constant([length])], ElementType.Float, [length]);
        return Emit(
            "ScatterElements",
            [zeros, indices, updates],
            ElementType.Float,
            [length],
            Attributes.Int("axis", 0),
            Attributes.Text("reduction", "add"));
    }

    private static Proto.AttributeProto[] ConvAttributes(
        int kernelHeight, int kernelWidth, int stride, int padding, int groups, int dilation) =>
    [
        Attributes.Ints("kernel_shape", kernelHeight, kernelWidth),
        Attributes.Ints("strides", stride, stride),
        Attributes.Ints("pads", padding, padding, padding, padding),
        Attributes.Int("group", groups),
        Attributes.Ints("dilations", dilation, dilation),
    ];
}
