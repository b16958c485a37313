using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;

namespace PartsWorker.Bench.Ceilings;

/// <summary>One way to use the device for the bare model: a number of threads per operator and a number of concurrent runs.</summary>
internal sealed class ModelWay : IDisposable
{
    private readonly DualStageClassifier _classifier;
    private readonly ClassifierBatch[] _batches;

    public ModelWay(ModelBundle bundle, InferenceOptions options)
    {
        _classifier = DualStageClassifier.Load(bundle, options, NullLogger.Instance);
        _batches = [.. Enumerable.Range(0, _classifier.InFlight).Select(_ => Filled(_classifier))];
    }

    public string Device => _classifier.Device;

    public Precision Precision => _classifier.Precision;

    public int MaxBatch => _classifier.MaxBatch;

    /// <summary>The largest number of concurrent runs.</summary>
    public int MostAtOnce => _batches.Length;

    /// <summary>
    /// Runs one batch size for the given time, at least twice, on <paramref name="atOnce"/> threads. The rates of the threads are added up,
    /// so that the last run of one thread does not count as idle time of another.
    /// </summary>
    public Rate Run(int size, int atOnce, TimeSpan length)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var runners = _batches.Take(atOnce).Select(batch => Task.Factory.StartNew(
            () => RunFor(batch, size, length), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var rates = Task.WhenAll(runners).GetAwaiter().GetResult();
        return new(rates.Sum(r => r.PerSecond), (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / rates.Sum(r => r.Images));
    }

    public void Dispose()
    {
        foreach (var batch in _batches)
        {
            batch.Dispose();
        }

        _classifier.Dispose();
    }

    private (int Images, double PerSecond) RunFor(ClassifierBatch batch, int size, TimeSpan length)
    {
        var (started, images) = (Stopwatch.GetTimestamp(), 0);
        while (images < 2 * size || Stopwatch.GetElapsedTime(started) < length)
        {
            _classifier.Run(batch, size);
            images += size;
        }

        return (images, images / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static ClassifierBatch Filled(DualStageClassifier classifier)
    {
        var batch = classifier.CreateBatch();
        for (var i = 0; i < batch.Capacity; i++)
        {
            new Random(i).NextBytes(batch.Slot(i).Span);
        }

        return batch;
    }
}
