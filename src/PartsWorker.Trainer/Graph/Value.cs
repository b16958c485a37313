namespace PartsWorker.Trainer.Graph;

/// <summary>ONNX element types, numbered as in the specification.</summary>
internal enum ElementType
{
    Float = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
}

/// <summary>How the axes of an image-shaped value lie in memory: the lowering chooses, the gradient follows its value.</summary>
internal enum Layout
{
    /// <summary>[N, C, H, W], and everything that is not an image.</summary>
    ChannelsFirst,

    /// <summary>[N, H, W, C].</summary>
    ChannelsLast,
}

/// <summary>A tensor of the graph: its name, type and shape are known when it is made. -1 in a shape is the open batch dimension.</summary>
internal sealed record Value(string Name, ElementType Type, int[] Shape, Layout Layout = Layout.ChannelsFirst)
{
    public int Rank => Shape.Length;

    /// <summary>Number of elements; only meaningful for a closed batch dimension.</summary>
    public long Size => Shape.Aggregate(1L, (product, d) => product * d);

    public int Batch => Shape[0];

    /// <summary>An image whose channels are the second axis.</summary>
    public bool IsChannelsFirst => Rank == 4 && Layout == Layout.ChannelsFirst;

    public int Channels => IsChannelsFirst ? Shape[1] : Shape[^1];

    /// <summary>All axes but the channels.</summary>
    public int[] OtherAxes => IsChannelsFirst ? [0, 2, 3] : [.. Enumerable.Range(0, Rank - 1)];

    public int Height => Layout == Layout.ChannelsFirst ? Shape[2] : Shape[1];

    public int Width => Layout == Layout.ChannelsFirst ? Shape[3] : Shape[2];

    public override string ToString() => $"{Name}: {Type}[{string.Join(',', Shape)}]";
}
