using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;
using PartsWorker.Inference;

namespace PartsWorker.Benchmarks;

/// <summary>Embedder and meta model of the repository's bundle on pixels in memory, per batch: the upper limit of the worker.</summary>
public class StageBenchmarks : IDisposable
{
    private DualStageClassifier? _classifier;
    private ClassifierBatch? _batch;

    [Params(1, 2, 4, 8, 16, 32)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new InferenceOptions { MaxBatch = Batch, LongestRun = TimeSpan.FromMinutes(1) };
        _classifier = DualStageClassifier.Load(ModelBundle.Open(Repository.Bundle), options, NullLogger.Instance);
        _batch = _classifier.CreateBatch();
        for (var i = 0; i < Batch; i++)
        {
            new Random(i).NextBytes(_batch.Slot(i).Span);
        }
    }

    [Benchmark]
    public void Run() => _classifier!.Run(_batch!, Batch);

    [GlobalCleanup]
    public void Dispose()
    {
        _batch?.Dispose();
        _classifier?.Dispose();
    }
}
