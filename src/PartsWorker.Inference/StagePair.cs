using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>The sessions of both stages, and how a batch runs through them. Thread-safe; a batch is in one run at a time.</summary>
internal sealed class StagePair : IDisposable
{
    private readonly StageSession _one;
    private readonly StageSession _two;
    private readonly bool _sideBySide;
    private int _running;

    /// <param name="bundle">Where the graphs are.</param>
    /// <param name="options">Of the device.</param>
    /// <param name="cuda">Which device.</param>
    /// <param name="threads">Of one operator on a CPU; 0 = all cores.</param>
    /// <param name="sideBySide">Whether a run that is alone runs its stages at once.</param>
    /// <exception cref="BundleException">A graph does not load, or is not what the bundle says.</exception>
    public StagePair(ModelBundle bundle, InferenceOptions options, bool cuda, int threads, bool sideBySide)
    {
        _sideBySide = sideBySide;
        Layout = BatchLayout.For(bundle);
        using var settings = SessionSettings.Create(options, cuda, threads);
        _one = StageSession.Load(
            bundle, bundle.Manifest.StageOne.File, settings, Layout.Image, Layout.Embedding, Layout.Scores, Layout.Indices);
        try
        {
            _two = StageSession.Load(
                bundle, bundle.Manifest.StageTwo.File, settings, Layout.StageTwoImage, Layout.ColorLogits, Layout.ShapeLogits);
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
            if (_sideBySide && others == 0)
            {
                RunSideBySide(one, two);
            }
            else
            {
                RunInTurn(one, two);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <exception cref="ModelFailureException">A graph failed; no output is valid.</exception>
    public void RunInTurn(StageCall one, StageCall two)
    {
        _one.Run(one);
        _two.Run(two);
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    // Never returns while a stage still writes to the batch. Where no thread of the pool is free, the wait itself runs the second stage.
    private void RunSideBySide(StageCall one, StageCall two)
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
