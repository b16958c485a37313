using PartsWorker.Bundles.Fusion;
using PartsWorker.Client;
using PartsWorker.Pipeline;
using PartsWorker.Serving;

namespace PartsWorker.Bench.Measured;

/// <summary>A model that costs nothing and decodes nothing: it leaves broker, fetching, pipeline and database.</summary>
internal sealed class StandInModel : IServedModel, IModelSource, IModelRun
{
    private static readonly Verdict Always = new()
    {
        ClassId = 0,
        Decision = Bundles.Fusion.Verdict.Accepted,
        Confidence = 0.9,
        ColorId = 0,
        ColorConfidence = 0.8,
        ShapeId = 0,
        ShapeConfidence = 0.7,
        MaxSimilarity = 0.6,
        Top1ClassId = 0,
        FilterClassId = 0,
        FilterPath = FilterPaths.Both,
        Top5 = [.. Enumerable.Range(0, 5).Select(i => new Candidate(i, 0.9 / (i + 1), 0.6f))],
    };

    private readonly ModelUse _use;
    private readonly byte[] _slot = new byte[1];

    public StandInModel(PipelineOptions pipeline)
    {
        MaxBatch = pipeline.MaxBatch;
        _use = new ModelUse(this);
    }

    public string Key => "none@1";

    public string Device => "none";

    public string Precision => "fp32";

    public int MaxBatch { get; }

    public int ImageBytes => 1;

    public int InFlight => 1;

    public (int Width, int Height) Prepare(ReadOnlySpan<byte> encoded, Span<byte> pixels) => (1, 1);

    public IModelRun Rent() => this;

    public Span<byte> Slot(int index) => _slot;

    public void Classify(int count)
    {
        // It costs nothing.
    }

    public Verdict Verdict(int index) => Always;

    public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, 5).Select(i => $"stand-in-{i}")];

    public string ColorName(int id) => "none";

    public string ShapeName(int id) => "none";

    public Task PollServingAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task WaitUntilLoadedAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask<ModelLease> LeaseAsync(string? requested, CancellationToken cancellation) =>
        ValueTask.FromResult(_use.TryLease()!.Value);

    public ModelLease? LeaseShadow(Guid imageId, Lane lane) => null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
