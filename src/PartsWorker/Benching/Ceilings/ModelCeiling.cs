using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Inference;
using PartsWorker.Model.Bundle;

namespace PartsWorker.Benching;

/// <summary>Both stages on pixels that are ready in memory, and nothing else.</summary>
internal sealed class ModelCeiling : IDisposable
{
    private readonly DualStageClassifier _classifier;
    private readonly ClassifierBatch _batch;

    public ModelCeiling(ModelBundle bundle, InferenceOptions options)
    {
        _classifier = DualStageClassifier.Load(bundle, Unbound(options), NullLogger.Instance);
        _batch = _classifier.CreateBatch();
        for (var i = 0; i < _batch.Capacity; i++)
        {
            new Random(i).NextBytes(_batch.Slot(i).Span);
        }
    }

    public string Device => _classifier.Device;

    /// <summary>Powers of two, and the largest batch.</summary>
    public IEnumerable<int> Sizes => Enumerable.Range(0, 10).Select(i => 1 << i).Where(size => size < _batch.Capacity).Append(_batch.Capacity);

    /// <summary>Runs one size for that long, at least twice.</summary>
    public Rate Run(int size, TimeSpan length)
    {
        _classifier.Run(_batch, size);
        var (cpu, started, runs) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp(), 0);
        do
        {
            _classifier.Run(_batch, size);
            runs++;
        }
        while (runs < 2 || Stopwatch.GetElapsedTime(started) < length);

        var images = (double)runs * size;
        return new(images / Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / images);
    }

    // What the device can do, not what a worker would choose: every core, and batches as large as they may be.
    private static InferenceOptions Unbound(InferenceOptions options) => new()
    {
        Device = options.Device,
        DeviceId = options.DeviceId,
        MaxBatch = options.MaxBatch,
        LongestRun = TimeSpan.FromMinutes(1),
        IntraOpThreads = ProcessorCores.Threads(options.IntraOpThreads),
        SpinMicroseconds = options.SpinMicroseconds,
        GpuMemoryLimitMb = options.GpuMemoryLimitMb,
        Tf32 = options.Tf32,
    };

    public void Dispose()
    {
        _batch.Dispose();
        _classifier.Dispose();
    }
}
