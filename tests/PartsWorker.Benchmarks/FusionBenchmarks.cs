using BenchmarkDotNet.Attributes;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Harness;

namespace PartsWorker.Benchmarks;

/// <summary>Fusing one image: 50 hits over 109 classes.</summary>
public class FusionBenchmarks
{
    private readonly Fuser _fuser = new(ModelBundle.Open(Repository.Bundle));
    private readonly GoldenImage _golden = ModelBundle.Open(Repository.Bundle).ReadGolden().Images[0];

    [Benchmark]
    public Verdict Classify() => _fuser.Classify(new ModelOutputs
    {
        Scores = _golden.Scores,
        Indices = _golden.Indices,
        ColorLogits = _golden.ColorLogits,
        ShapeLogits = _golden.ShapeLogits,
    });
}
