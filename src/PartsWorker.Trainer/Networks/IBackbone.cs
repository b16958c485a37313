using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>The layers of a published network, under its published parameter names.</summary>
internal interface IBackbone
{
    /// <summary>Whether all maps keep [N,C,H,W], as depthwise networks require.</summary>
    bool ChannelsFirstOnly { get; }

    /// <summary>Normalized image [N,3,S,S] to the last feature map.</summary>
    Value Features(Layers layers, Value image);

    /// <summary>Feature map to the embedding [N, E], not yet of unit length.</summary>
    Value Embed(Layers layers, Value features);

    /// <summary>Feature map to the logits of the published classifier.</summary>
    Value Classify(Layers layers, Value features);
}
