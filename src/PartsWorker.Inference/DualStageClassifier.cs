using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using PartsWorker.Model.Bundle;

namespace PartsWorker.Inference;

/// <summary>
/// Both stages of one bundle on one device. Stage one gives the nearest gallery rows, stage two color and shape, both from the same pixels;
/// what follows from them is <see cref="PartsWorker.Model.Fusion.Fuser"/>'s business.
/// </summary>
public sealed class DualStageClassifier : IDisposable
{
    // Waking a second thread for every operator costs more than it gains where all of them together take this long.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(2);

    // Creating sessions of this size twice, to see how quick they are, takes a few hundredths of a second.
    private const long SmallBytes = 32 * 1024 * 1024;

    private readonly Lock _oneAtATime = new();
    private readonly BatchLayout _layout;
    private readonly StageSession _stageOne;
    private readonly StageSession _stageTwo;
    private int[] _buckets = [1];

    private DualStageClassifier(ModelBundle bundle, InferenceOptions options, bool cuda, int threads)
    {
        _layout = BatchLayout.For(bundle);
        Device = cuda ? $"cuda:{options.DeviceId}" : "cpu";
        using var settings = SessionSettings.Create(options, cuda, threads);
        _stageOne = StageSession.Load(bundle, bundle.Manifest.StageOne.File, settings, _layout.Image, _layout.Embedding, _layout.Scores, _layout.Indices);
        try
        {
            _stageTwo = StageSession.Load(bundle, bundle.Manifest.StageTwo.File, settings, _layout.StageTwoImage, _layout.ColorLogits, _layout.ShapeLogits);
        }
        catch
        {
            _stageOne.Dispose();
            throw;
        }
    }

    /// <summary><c>cpu</c> or <c>cuda:N</c>: where the graphs really run.</summary>
    public string Device { get; }

    public int MaxBatch => _buckets[^1];

    /// <summary>Loads both stages on the device the options ask for and runs the batch sizes once, so that the first real batch is as fast as the next.</summary>
    /// <exception cref="BundleException">The graphs are not what the bundle says.</exception>
    /// <exception cref="DeviceUnavailableException">CUDA was asked for and does not work.</exception>
    public static DualStageClassifier Load(ModelBundle bundle, InferenceOptions options, ILogger logger)
    {
        OrtRuntime.EnsureStarted();
        var clock = Stopwatch.StartNew();
        var classifier = Open(bundle, options, logger);
        try
        {
            var loadMs = clock.ElapsedMilliseconds;
            classifier.WarmUp(options);
            logger.Ready(bundle.Key, classifier.Device, classifier.MaxBatch, loadMs, clock.ElapsedMilliseconds - loadMs);
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    public ClassifierBatch CreateBatch() => new(_layout, _buckets);

    /// <summary>Runs both stages on the first <paramref name="count"/> slots. What lies in the slots behind them changes nothing. Thread-safe, one batch at a time.</summary>
    /// <exception cref="ModelFailureException">A graph failed; no output is valid.</exception>
    public void Run(ClassifierBatch batch, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, batch.Capacity);
        var bucket = BatchBuckets.IndexOf(_buckets, count);
        lock (_oneAtATime)
        {
            _stageOne.Run(batch.StageOne[bucket].Inputs, batch.StageOne[bucket].Outputs);
            _stageTwo.Run(batch.StageTwo[bucket].Inputs, batch.StageTwo[bucket].Outputs);
        }
    }

    public void Dispose()
    {
        _stageOne.Dispose();
        _stageTwo.Dispose();
    }

    private static DualStageClassifier Open(ModelBundle bundle, InferenceOptions options, ILogger logger)
    {
        if (options.Device == ExecutionDevice.Cpu)
        {
            return OnCpu(bundle, options);
        }

        try
        {
            return new DualStageClassifier(bundle, options, cuda: true, options.IntraOpThreads);
        }
        catch (Exception error) when (error is OnnxRuntimeException or BundleException { InnerException: OnnxRuntimeException })
        {
            var reason = OrtRuntime.Reason(error);
            if (options.Device == ExecutionDevice.Cuda)
            {
                throw new DeviceUnavailableException($"Inference:Device is cuda, but CUDA does not work here: {reason}; mend the driver or set Inference:Device to auto or cpu", error);
            }

            logger.FellBackToCpu(reason);
            return OnCpu(bundle, options);
        }
    }

    private static DualStageClassifier OnCpu(ModelBundle bundle, InferenceOptions options)
    {
        if (options.IntraOpThreads == 0 && ProcessorCores.Count > 1 && IsSmall(bundle))
        {
            var alone = new DualStageClassifier(bundle, options, cuda: false, threads: 1);
            if (alone.TimeOfOne() < Quick)
            {
                return alone;
            }

            alone.Dispose();
        }

        return new DualStageClassifier(bundle, options, cuda: false, options.IntraOpThreads);
    }

    private static bool IsSmall(ModelBundle bundle) =>
        new[] { bundle.Manifest.StageOne.File, bundle.Manifest.StageTwo.File }.Sum(file => new FileInfo(bundle.PathOf(file)).Length) < SmallBytes;

    // Largest first: the arena is then cut once to its final size. A GPU prepares itself for each size; a CPU does not, and has other work.
    private void WarmUp(InferenceOptions options)
    {
        var onCpu = Device == "cpu";
        var most = onCpu ? (int)Math.Clamp(options.LongestRun / TimeOfOne(), 1, options.MaxBatch) : options.MaxBatch;
        _buckets = BatchBuckets.For(cuda: !onCpu, most);
        using var batch = CreateBatch();
        foreach (var size in onCpu ? [_buckets[^1]] : _buckets.Reverse())
        {
            Run(batch, size);
        }
    }

    // The best of a few: the first run prepares itself, and on a busy machine any may be held up.
    private TimeSpan TimeOfOne()
    {
        using var batch = CreateBatch();
        return Enumerable.Range(0, 3).Min(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            Run(batch, 1);
            return Stopwatch.GetElapsedTime(started);
        });
    }
}
