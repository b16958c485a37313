namespace PartsWorker.Trainer.Networks;

/// <summary>The head of a network.</summary>
internal enum HeadKind
{
    /// <summary>A unit vector per image: the embedder.</summary>
    Embedder,

    /// <summary>Color and shape logits: the meta model.</summary>
    Meta,

    /// <summary>Both: one trunk with a unit vector, color logits and shape logits per image.</summary>
    Shared,

    /// <summary>The first half of <see cref="Shared"/> in a bundle: a unit vector, and the features for the meta model.</summary>
    Trunk,

    /// <summary>The published classification layer of the backbone, for comparison with published results.</summary>
    Classifier,
}

/// <summary>The architecture of a network; stored in checkpoints.</summary>
internal sealed record NetworkSpec
{
    /// <summary>A name from <see cref="Backbones"/>.</summary>
    public required string Backbone { get; init; }

    public required HeadKind Head { get; init; }

    /// <summary>Side of the square input in pixels.</summary>
    public required int InputSize { get; init; }

    /// <summary>Multiplies every channel count (rounded to multiples of 8). 1 = as published.</summary>
    public float Width { get; init; } = 1;

    /// <summary>Length of the embedding.</summary>
    public int Embedding { get; init; } = 512;

    public int Classes { get; init; }

    public int Colors { get; init; }

    public int Shapes { get; init; }

    /// <summary>Insert a Lambda layer before the embedding or before the heads of the meta model.</summary>
    public bool Lambda { get; init; }

    /// <summary>Length of the linear layer between the pooled features and the heads of the meta model; 0 = none.</summary>
    public int Hidden { get; init; }

    /// <summary>Dropout rate before the last linear layer.</summary>
    public float Dropout { get; init; }

    /// <summary>Highest stochastic depth rate (EfficientNetV2).</summary>
    public float DropPath { get; init; }

    /// <summary>True: ImageNet mean and deviation; false: (pixel - 127.5) / 128.</summary>
    public bool ImageNetPixels { get; init; }

    public int Channels(int published) => Width == 1 ? published : Math.Max(8, (int)MathF.Round(published * Width / 8) * 8);
}
