namespace PartsWorker.Trainer.Training.Steps;

/// <summary>The optimizers.</summary>
internal enum OptimizerKind
{
    Sgd,
    Adam,
    AdamW,
}

/// <summary>Optimizer and its constants.</summary>
internal sealed record OptimizerOptions
{
    public OptimizerKind Kind { get; init; } = OptimizerKind.AdamW;

    /// <summary>Peak learning rate.</summary>
    public float LearningRate { get; init; } = 2.5e-3f;

    /// <summary>
    /// Factor on the learning rate of the layers after the backbone, 0.01 to 100. Pretrained backbones need a smaller rate than new layers.
    /// </summary>
    public float HeadRate { get; init; } = 1;

    /// <summary>SGD's momentum, 0 to 0.99.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Use Nesterov momentum (SGD).</summary>
    public bool Nesterov { get; init; }

    public float Beta1 { get; init; } = 0.9f;

    public float Beta2 { get; init; } = 0.999f;

    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Weight decay of matrices and kernels; for AdamW decoupled from the gradient.</summary>
    public float WeightDecay { get; init; } = 0.05f;

    /// <summary>Weight decay of class centers. They are normalized, so decay only changes their effective learning rate.</summary>
    public float HeadDecay { get; init; }

    /// <summary>Maximum norm of the gradient over all parameters; 0 = no clipping.</summary>
    public float ClipNorm { get; init; } = 5;
}
