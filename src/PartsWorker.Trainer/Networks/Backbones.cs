namespace PartsWorker.Trainer.Networks;

/// <summary>The networks by name.</summary>
internal static class Backbones
{
    private static readonly Dictionary<string, Func<NetworkSpec, IBackbone>> Known = new()
    {
        ["mobilefacenet"] = s => new MobileFaceNet(s),
        ["resnet18"] = s => new ResNet(s, [2, 2, 2, 2], bottleneck: false),
        ["resnet18-cntk"] = s => new ResNet(s, [2, 2, 2, 3], bottleneck: false),
        ["resnet18s"] = s => new ResNet(s, [2, 2, 2, 2], bottleneck: false, smallStem: true),
        ["resnet18t"] = s => new ResNet(s, [2, 2, 2, 2], bottleneck: false, smallStem: true, tapered: true),
        ["resnet50"] = s => new ResNet(s, [3, 4, 6, 3], bottleneck: true),
        ["efficientnetv2s"] = s => new EfficientNetV2(s, EfficientNetV2.Small),
        ["efficientnetv2tiny"] = s => new EfficientNetV2(s, EfficientNetV2.TwoBlocks),
        ["vgg16"] = s => new Vgg16(s),
        ["ir50"] = s => new IrNet(s, [3, 4, 14, 3], squeeze: false),
        ["ir100"] = s => new IrNet(s, [3, 13, 30, 3], squeeze: false),
        ["three-convolutions"] = s => new ThreeConvolutions(s),
        ["irse50"] = s => new IrNet(s, [3, 4, 14, 3], squeeze: true),
    };

    public static IEnumerable<string> Names => Known.Keys;

    public static IBackbone Create(NetworkSpec spec) => Known.TryGetValue(spec.Backbone, out var make)
        ? make(spec)
        : throw new ArgumentException($"unknown backbone '{spec.Backbone}'; known: {string.Join(", ", Names)}");
}
