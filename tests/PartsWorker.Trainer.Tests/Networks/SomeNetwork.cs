using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Tests.Networks;

/// <summary>A network that trains in seconds.</summary>
internal static class SomeNetwork
{
    public static NetworkSpec Embedder { get; } =
        new() { Backbone = "resnet18s", Head = HeadKind.Embedder, InputSize = 32, Width = 0.125f, Embedding = 16, Classes = 4 };
}
