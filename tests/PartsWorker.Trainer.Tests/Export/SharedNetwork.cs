using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Synthesis.Junk;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>A small network with a shared trunk for the labels of the repository's bundle, and bundles of it.</summary>
internal static class SharedNetwork
{
    public const int Side = 32;
    public const int ImageBytes = Side * Side * 3;
    private static readonly ModelBundle Source = SomeBundle.Open();

    public static LabeledImage[] Images { get; } = SomeBundle.Images(Source);

    public static TrainedStage Stage(float width = 0.125f, int hidden = 0)
    {
        var spec = new NetworkSpec
        {
            Backbone = "resnet18s",
            Head = HeadKind.Shared,
            InputSize = Side,
            Width = width,
            Embedding = 16,
            Hidden = hidden,
            Dropout = 0.1f,
            Classes = Source.Labels.Classes.Count,
            Colors = Source.Labels.Colors.Count,
            Shapes = Source.Labels.Shapes.Count,
        };
        var (parameters, statistics) = Tensors(spec);
        return new(spec, Truth.Weights(parameters, statistics));
    }

    public static (IReadOnlyList<ParameterSpec> Parameters, IReadOnlyList<StatisticSpec> Statistics) Tensors(NetworkSpec spec)
    {
        var graph = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        return (graph.Parameters, graph.Statistics);
    }

    public static ModelBundle Assemble(string root, TrainedStage stage, bool mirrored = false)
    {
        var (one, two) = stage.ToSharedOnnx(mirrored: mirrored);
        return Assemble(root, one, two, stage.FeatureSize);
    }

    public static ModelBundle Assemble(string root, byte[] stageOne, byte[] stageTwo, int features) => new BundleAssembler(new()
    {
        ModelsRoot = root,
        Name = "shared",
        Version = "1",
        StageOne = stageOne,
        StageTwo = stageTwo,
        FeatureSize = features,
        EmbeddingSize = 16,
        InputSize = Side,
        Labels = Source.Labels,
        Training = Images,
        Validation = [],
        License = "as the images",
        GalleryViews = 0,
        GoldenImages = 3,
    }).Run();

    /// <summary>A bundle with an unknown detector, if there are validation images or a bundle to take it from.</summary>
    public static ModelBundle Assemble(
        string root,
        string name,
        TrainedStage stage,
        IReadOnlyList<LabeledImage> validation,
        double falseAlarms = AssemblyRequest.DefaultFalseAlarms,
        ModelBundle? calibrationFrom = null)
    {
        var junk = Path.Combine(root, name + "-junk");
        new JunkSet(Count: 34, Seed: 1, Threads: 1).Write(junk);
        var (one, two) = stage.ToSharedOnnx();
        return new BundleAssembler(new()
        {
            ModelsRoot = root,
            Name = name,
            Version = "1",
            StageOne = one,
            StageTwo = two,
            FeatureSize = stage.FeatureSize,
            EmbeddingSize = 16,
            InputSize = Side,
            Labels = Source.Labels,
            Training = Images,
            Validation = validation,
            CalibrationFrom = calibrationFrom,
            License = "as the images",
            GalleryViews = 0,
            CalibrationViews = 1,
            GoldenImages = 3,
            FalseAlarms = falseAlarms,
            Junk = JunkFolder.Open(junk),
        }).Run();
    }

    public static byte[] Pixels(int count, int seed)
    {
        var pixels = new byte[count * ImageBytes];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    /// <summary>All outputs of a graph that reads images, as rows.</summary>
    public static Dictionary<string, float[]> Run(byte[] onnx, byte[] pixels, int count)
    {
        var widths = ModelProto.Parser.ParseFrom(onnx).Graph.Output.ToDictionary(
            o => o.Name, o => (int)o.Type.TensorType.Shape.Dim[1].DimValue);
        using var inputs = new GraphMemory([new Value(Network.InputName, ElementType.UInt8, [count, Side, Side, 3])]);
        using var outputs = new GraphMemory(widths.Select(w => new Value(w.Key, ElementType.Float, [count, w.Value])));
        using var session = GraphSession.Load(onnx, new(1));
        using var bound = session.Bind(inputs.Tensors, outputs.Tensors);
        pixels.CopyTo(inputs.Bytes(Network.InputName));
        bound.Run();
        return widths.Keys.ToDictionary(name => name, name => outputs.Floats(name).ToArray());
    }
}
