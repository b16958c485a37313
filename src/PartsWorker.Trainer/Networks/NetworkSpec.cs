namespace PartsWorker.Trainer.Networks;

/// <summary>What a network ends in.</summary>
internal enum HeadKind
{
    /// <summary>A unit vector per image: stage one.</summary>
    Embedder,

    /// <summary>Color and shape logits: stage two.</summary>
    Meta,

    /// <summary>The backbone's own classification layer, as in its paper; for comparison with published figures.</summary>
    Classifier,
}

/// <summary>Everything that determines a network's layers; stored in checkpoints.</summary>
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

    /// <summary>A Lambda layer in front of the embedding or of the meta heads.</summary>
    public bool Lambda { get; init; }

    /// <summary>Length of the linear layer between the pooled features and the two meta heads; 0 = none.</summary>
    public int Hidden { get; init; }

    /// <summary>Dropout before the last linear layer.</summary>
    public float Dropout { get; init; }

    /// <summary>Highest stochastic depth rate (EfficientNetV2).</summary>
    public float DropPath { get; init; }

    /// <summary>True: ImageNet mean and deviation; false: (pixel - 127.5) / 128.</summary>
    public bool ImageNetPixels { get; init; }

    public int Channels(int published) => Width == 1 ? published : Math.Max(8, (int)MathF.Round(published * Width / 8) * 8);
}
