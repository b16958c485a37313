using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>Runs batches through the sessions of both networks. Thread-safe; a batch may be in only one run at a time.</summary>
internal sealed class StagePair : IDisposable
{
    private readonly StageSession _one;
    private readonly StageSession _two;
    private readonly bool _parallel;
    private int _running;

    /// <param name="bundle">Bundle with the graphs.</param>
    /// <param name="precision">Precision of the graphs.</param>
    /// <param name="options">Options of the device.</param>
    /// <param name="cuda">Whether to use CUDA.</param>
    /// <param name="threads">Threads per operator on a CPU; 0 = all cores.</param>
    /// <param name="parallel">Whether a single run executes both networks in parallel.</param>
    /// <exception cref="BundleException">A graph does not load, or does not match the bundle.</exception>
    public StagePair(ModelBundle bundle, Precision precision, InferenceOptions options, bool cuda, int threads, bool parallel)
    {
        Layout = BatchLayout.For(bundle);
        // With a shared trunk, the meta model waits for the features of the embedder.
        _parallel = parallel && Layout.Features is null;
        var files = bundle.FilesOf(precision);
        using var settings = SessionSettings.Create(options, cuda, threads);
        _one = StageSession.Load(bundle, files.StageOne, settings, Layout.Image, Layout.StageOneOutputs);
        try
        {
            _two = StageSession.Load(bundle, files.StageTwo, settings, Layout.StageTwoInput, Layout.StageTwoOutputs);
        }
        catch
        {
            _one.Dispose();
            throw;
        }
    }

    public BatchLayout Layout { get; }

    /// <exception cref="ModelFailureException">A graph failed; no output is valid.</exception>
    public void Run(StageCall one, StageCall two)
    {
        var others = Interlocked.Increment(ref _running) - 1;
        try
        {
            if (_parallel && others == 0)
            {
                RunInParallel(one, two);
            }
            else
            {
                RunSequentially(one, two);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <exception cref="ModelFailureException">A graph failed; no output is valid.</exception>
    public void RunSequentially(StageCall one, StageCall two)
    {
        _one.Run(one);
        _two.Run(two);
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    // Does not return while a network still writes to the batch. If no pool thread is free, the waiting thread runs the second network.
    private void RunInParallel(StageCall one, StageCall two)
    {
        var second = Task.Run(() => _two.Run(two));
        try
        {
            _one.Run(one);
        }
        finally
        {
            second.GetAwaiter().GetResult();
        }
    }
}
