using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>The layers of a published network, under its published parameter names.</summary>
internal interface IBackbone
{
    /// <summary>Depthwise networks keep [N,C,H,W] on every map.</summary>
    bool ChannelsFirstOnly { get; }

    /// <summary>Normalized image [N,3,S,S] to the last feature map.</summary>
    Value Features(Layers l, Value image);

    /// <summary>Feature map to the embedding [N, E], not yet of unit length.</summary>
    Value Embed(Layers l, Value features);

    /// <summary>Feature map to the logits of the published classifier.</summary>
    Value Classify(Layers l, Value features);
}
