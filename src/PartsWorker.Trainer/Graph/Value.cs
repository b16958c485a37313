namespace PartsWorker.Trainer.Graph;

/// <summary>ONNX element types, numbered as in the specification.</summary>
internal enum ElementType
{
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
}

/// <summary>Axis order of an image-shaped value. The lowering chooses it; a gradient has the layout of its value.</summary>
internal enum Layout
{
    /// <summary>[N, C, H, W], and all values that are not images.</summary>
    ChannelsFirst,

    /// <summary>[N, H, W, C].</summary>
    ChannelsLast,
}

/// <summary>A tensor of the graph with its name, type and shape. -1 in a shape is the open batch dimension.</summary>
internal sealed record Value(string Name, ElementType Type, int[] Shape, Layout Layout = Layout.ChannelsFirst)
{
    public int Rank => Shape.Length;

    /// <summary>Number of elements; only valid if the batch dimension is not open.</summary>
    public long Size => Shape.Aggregate(1L, (product, d) => product * d);

    public int Batch => Shape[0];

    /// <summary>Whether this is an image with channels on the second axis.</summary>
    public bool IsChannelsFirst => Rank == 4 && Layout == Layout.ChannelsFirst;

    public int Channels => IsChannelsFirst ? Shape[1] : Shape[^1];

    /// <summary>All axes except the channels.</summary>
    public int[] OtherAxes => IsChannelsFirst ? [0, 2, 3] : [.. Enumerable.Range(0, Rank - 1)];

    public int Height => Layout == Layout.ChannelsFirst ? Shape[2] : Shape[1];

    public int Width => Layout == Layout.ChannelsFirst ? Shape[3] : Shape[2];

    public override string ToString() => $"{Name}: {Type}[{string.Join(',', Shape)}]";
}
