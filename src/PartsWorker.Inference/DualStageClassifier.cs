using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>
/// Both networks of a bundle on one device. The embedder finds the nearest gallery rows, the meta model predicts color and shape from the
/// same pixels or from the features of the embedder. <see cref="PartsWorker.Bundles.Fusion.Fuser"/> combines their outputs.
/// </summary>
public sealed class DualStageClassifier : IDisposable
{
    // Fewer images leave cores idle, however long they take: real pair in int8, two runs, 39 images/s with one image and 55 with four.
    private const int ShortBatch = 4;

    private readonly StagePair _stages;
    private readonly PrecisionChoice _precision;
    private int[] _buckets = [1];

    private DualStageClassifier(
        ModelBundle bundle, PrecisionChoice precision, InferenceOptions options, bool cuda, int threads, int inFlight)
    {
        _precision = precision;
        Device = cuda ? $"cuda:{options.DeviceId}" : "cpu";
        InFlight = inFlight;
        _stages = new StagePair(bundle, precision.Precision, options, cuda, threads, parallel: OnCpu && inFlight > 1);
    }

    /// <summary>The device that runs the graphs: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device { get; }

    /// <summary>The precision of the graphs.</summary>
    public Precision Precision => _precision.Precision;

    public int MaxBatch => _buckets[^1];

    /// <summary>
    /// Useful number of concurrent runs, 1 or 2. On a GPU, one run copies while the other computes; on a CPU, each uses half of the cores.
    /// </summary>
    public int InFlight { get; }

    private bool OnCpu => Device == "cpu";

    /// <summary>
    /// Loads both networks on the configured device and runs the batch sizes once, so that the first real batch is as fast as the
    /// others.
    /// </summary>
    /// <exception cref="BundleException">
    /// A graph does not match the bundle or does not run, or the bundle lacks the configured precision.
    /// </exception>
    /// <exception cref="DeviceUnavailableException">CUDA is configured but not available.</exception>
    public static DualStageClassifier Load(ModelBundle bundle, InferenceOptions options, ILogger logger)
    {
        OrtRuntime.EnsureStarted();
        var clock = Stopwatch.StartNew();
        var classifier = Open(bundle, options, logger);
        try
        {
            var loadMs = clock.ElapsedMilliseconds;
            classifier.WarmUp(bundle, options);
            logger.ModelLoaded(
                bundle.Key,
                classifier.Device,
                Precisions.NameOf(classifier.Precision),
                classifier._precision.Reason,
                loadMs,
                clock.ElapsedMilliseconds - loadMs,
                classifier.MaxBatch);
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    public ClassifierBatch CreateBatch() => new(_stages.Layout, _buckets);

    /// <summary>
    /// Runs both networks on the first <paramref name="count"/> slots; the content of the other slots has no effect. Thread-safe, but each
    /// batch may be in only one run at a time. On a CPU, a single run gives each network half of the cores; if another run is active, or if
    /// the networks share a trunk, it uses one half.
    /// </summary>
    /// <exception cref="ModelFailureException">A graph failed; no output is valid.</exception>
    public void Run(ClassifierBatch batch, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, batch.Capacity);
        var bucket = BatchBuckets.IndexOf(_buckets, count);
        _stages.Run(batch.StageOne[bucket], batch.StageTwo[bucket]);
    }

    public void Dispose() => _stages.Dispose();

    private static DualStageClassifier Open(ModelBundle bundle, InferenceOptions options, ILogger logger)
    {
        // Without a driver there is nothing to try, and nothing to warn of.
        if (options.Device == ExecutionDevice.Cpu || (options.Device == ExecutionDevice.Auto && !CudaDriver.IsInstalled))
        {
            return OpenOnCpu(bundle, options);
        }

        try
        {
            return new DualStageClassifier(bundle, Choose(bundle, options, cuda: true), options, cuda: true, options.IntraOpThreads, 2);
        }
        catch (Exception error) when (error is OnnxRuntimeException or BundleException { InnerException: OnnxRuntimeException })
        {
            var reason = OrtRuntime.Reason(error);
            if (options.Device == ExecutionDevice.Cuda)
            {
                // A graph that does not load on the CPU either is the fault of the bundle, not of the device.
                OpenOnCpu(bundle, options).Dispose();
                throw new DeviceUnavailableException(
                    $"CUDA is not available: {reason}; fix the driver, or use auto or cpu (Inference:Device, partstrainer --device)",
                    error);
            }

            logger.FellBackToCpu(reason);
            return OpenOnCpu(bundle, options);
        }
    }

    // On all cores, the operators of a run wait for each other's threads. Two runs on half of the cores each fill these gaps.
    private static DualStageClassifier OpenOnCpu(ModelBundle bundle, InferenceOptions options)
    {
        var cores = ProcessorCores.Count;
        var precision = Choose(bundle, options, cuda: false);
        if (options.IntraOpThreads == 0 && cores > 1 && SmallModel.MayBe(bundle, precision.Precision))
        {
            var single = new DualStageClassifier(bundle, precision, options, cuda: false, threads: 1, inFlight: 1);
            if (single.IsSmall())
            {
                return single;
            }

            single.Dispose();
        }

        var threads = options.IntraOpThreads > 0 ? options.IntraOpThreads : Math.Max(1, cores / 2);
        return new DualStageClassifier(bundle, precision, options, cuda: false, threads, inFlight: Math.Clamp(cores / threads, 1, 2));
    }

    private static PrecisionChoice Choose(ModelBundle bundle, InferenceOptions options, bool cuda) =>
        PrecisionChoice.Make(bundle, options.Precision, cuda, CpuFeatures.Detected);

    private bool IsSmall()
    {
        try
        {
            return MeasureOneImage() < SmallModel.LongestImage;
        }
        catch (ModelFailureException)
        {
            // The warm-up refuses a bundle whose graphs do not run.
            return false;
        }
    }

    private void WarmUp(ModelBundle bundle, InferenceOptions options)
    {
        try
        {
            _buckets = BatchBuckets.For(cuda: !OnCpu, OnCpu ? LargestOnCpu(options) : options.MaxBatch);
            Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(RunAllSizes))).GetAwaiter().GetResult();
        }
        catch (ModelFailureException error)
        {
            throw new BundleException($"{bundle.Directory}: the graphs load on {Device}, but do not run: {error.Message}", error);
        }
    }

    private int LargestOnCpu(InferenceOptions options) =>
        (int)Math.Clamp(options.LongestRun / MeasureOneImage(), Math.Min(ShortBatch, options.MaxBatch), options.MaxBatch);

    // Largest first, so that the arena is allocated once. A GPU needs a first run for each size, a CPU does not.
    private void RunAllSizes()
    {
        using var batch = CreateBatch();
        foreach (var size in OnCpu ? [_buckets[^1]] : _buckets.Reverse())
        {
            Run(batch, size);
        }
    }

    // The fastest of three runs: the first one includes preparations, and a busy machine may delay any of them.
    private TimeSpan MeasureOneImage()
    {
        using var batch = CreateBatch();
        return Enumerable.Range(0, 3).Min(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            _stages.RunSequentially(batch.StageOne[0], batch.StageTwo[0]);
            return Stopwatch.GetElapsedTime(started);
        });
    }
}
