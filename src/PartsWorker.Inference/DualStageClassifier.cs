using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>
/// Both stages of one bundle on one device. Stage one gives the nearest gallery rows, stage two color and shape, both from the same pixels;
/// what follows from them is <see cref="PartsWorker.Bundles.Fusion.Fuser"/>'s business.
/// </summary>
public sealed class DualStageClassifier : IDisposable
{
    // Waking a second thread for every operator costs more than it gains where all of them together take this long.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(2);

    // Creating sessions of this size twice, to see how quick they are, takes a few hundredths of a second.
    private const long SmallBytes = 32 * 1024 * 1024;

    private readonly StagePair _stages;
    private int[] _buckets = [1];

    private DualStageClassifier(ModelBundle bundle, InferenceOptions options, bool cuda, int threads, int inFlight)
    {
        Device = cuda ? $"cuda:{options.DeviceId}" : "cpu";
        InFlight = inFlight;
        _stages = new StagePair(bundle, options, cuda, threads, sideBySide: OnCpu && inFlight > 1);
    }

    /// <summary><c>cpu</c> or <c>cuda:N</c>: where the graphs really run.</summary>
    public string Device { get; }

    public int MaxBatch => _buckets[^1];

    /// <summary>
    /// Runs that gain by being here at once, 1 or 2: on a GPU the copy of one hides behind the other, on a CPU each has half of the cores.
    /// </summary>
    public int InFlight { get; }

    private bool OnCpu => Device == "cpu";

    /// <summary>
    /// Loads both stages on the device the options ask for and runs the batch sizes once, so that the first real batch is as fast as the
    /// next.
    /// </summary>
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

    public ClassifierBatch CreateBatch() => new(_stages.Layout, _buckets);

    /// <summary>
    /// Runs both stages on the first <paramref name="count"/> slots. What lies in the slots behind them changes nothing. Thread-safe, each
    /// batch in one run at a time. A run that is alone on a CPU gives each stage its half of the cores; where another is here already it
    /// stays on one half.
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
            return new DualStageClassifier(bundle, options, cuda: true, options.IntraOpThreads, inFlight: 2);
        }
        catch (Exception error) when (error is OnnxRuntimeException or BundleException { InnerException: OnnxRuntimeException })
        {
            var reason = OrtRuntime.Reason(error);
            if (options.Device == ExecutionDevice.Cuda)
            {
                throw new DeviceUnavailableException(
                    $"CUDA does not work here: {reason}; fix the driver, or choose auto or cpu (Inference:Device, partstrainer --device)",
                    error);
            }

            logger.FellBackToCpu(reason);
            return OpenOnCpu(bundle, options);
        }
    }

    // The operators of one run on all cores wait for each other's threads; two runs on half of the cores each fill those gaps.
    private static DualStageClassifier OpenOnCpu(ModelBundle bundle, InferenceOptions options)
    {
        var cores = ProcessorCores.Count;
        if (options.IntraOpThreads == 0 && cores > 1 && IsSmall(bundle))
        {
            var alone = new DualStageClassifier(bundle, options, cuda: false, threads: 1, inFlight: 1);
            if (alone.TimeOfOne() < Quick)
            {
                return alone;
            }

            alone.Dispose();
        }

        var threads = options.IntraOpThreads > 0 ? options.IntraOpThreads : Math.Max(1, cores / 2);
        return new DualStageClassifier(bundle, options, cuda: false, threads, inFlight: Math.Clamp(cores / threads, 1, 2));
    }

    private static bool IsSmall(ModelBundle bundle) =>
        SizeOf(bundle, bundle.Manifest.StageOne.File) + SizeOf(bundle, bundle.Manifest.StageTwo.File) < SmallBytes;

    private static long SizeOf(ModelBundle bundle, string file) => new FileInfo(bundle.PathOf(file)).Length;

    private void WarmUp(InferenceOptions options)
    {
        var most = OnCpu ? (int)Math.Clamp(options.LongestRun / TimeOfOne(), 1, options.MaxBatch) : options.MaxBatch;
        _buckets = BatchBuckets.For(cuda: !OnCpu, most);
        Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(RunEachSize))).GetAwaiter().GetResult();
    }

    // Largest first: the arena is then cut once to its final size. A GPU prepares itself for each size; a CPU does not, and has other work.
    private void RunEachSize()
    {
        using var batch = CreateBatch();
        foreach (var size in OnCpu ? [_buckets[^1]] : _buckets.Reverse())
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
            _stages.RunInTurn(batch.StageOne[0], batch.StageTwo[0]);
            return Stopwatch.GetElapsedTime(started);
        });
    }
}
