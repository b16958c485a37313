using BenchmarkDotNet.Attributes;
using PartsWorker.Model.Bundle;
using PartsWorker.Model.Fusion;

namespace PartsWorker.Benchmarks;

/// <summary>Fusing one image: 50 hits over 109 classes.</summary>
public class FusionBenchmarks
{
    private readonly Fuser _fuser = new(Repository.Bundle);
    private readonly GoldenImage _golden = Repository.Bundle.ReadGolden().Images[0];

    [Benchmark]
    public Verdict Judge() => _fuser.Judge(_golden.Scores, _golden.Indices, _golden.ColorLogits, _golden.ShapeLogits);
}
