using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Images;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness.Load;

namespace PartsWorker.Bench.Suite;

/// <summary>
/// Measures one bundle: first its ceilings, then the pipeline alone and the whole worker, alternating with the ceiling that limits them.
/// </summary>
internal sealed class PairBench(
    string name, string folder, BenchPlan plan, Subjects subjects, ReferenceFeeder? feeder, TimeProvider time) : IDisposable
{
    private static readonly int[] Percents = [10, 50, 90];
    private const int Starts = 3;
    private readonly ModelBundle _bundle = ModelBundle.Open(folder);
    private readonly string[] _images = [.. plan.Images.Take(500)];
    private byte[][] _files = [];
    private ModelCeiling? _model;
    private ModelLoad _best;
    private ModelLoad _single;

    public async Task<PairFigures> RunAsync(CancellationToken cancellation)
    {
        CheckImages();
        Report("model ceiling");
        _model = new ModelCeiling(_bundle, plan.Inference);
        var figures = new PairFigures
        {
            Bundle = _bundle.Key,
            Device = _model.Device,
            Precision = Precisions.NameOf(_model.Precision),
            Model = Model(_model),
            Decode = Decode(),
            Decoder = Decoder.Name,
        };
        figures = figures with { Pipeline = await PipelineAsync(figures, cancellation) };
        figures = feeder is null ? figures : await WorkerAsync(figures, feeder, cancellation);
        figures = await StartsAsync(figures, cancellation);
        return figures with { CpuMsByStage = await StagesAsync(figures, cancellation) };
    }

    public void Dispose() => _model?.Dispose();

    private IImageDecoder Decoder => plan.Decoder.For(_bundle.Manifest.Preprocessing);

    private void CheckImages()
    {
        var recipe = _bundle.Manifest.Preprocessing;
        using var preprocessor = new Preprocessor(Decoder, recipe, plan.Limits);
        var pixels = new byte[preprocessor.ImageBytes];
        Array.ForEach(_images, image => BenchImages.Prepare(preprocessor, image, pixels));
        _files = [.. _images.Select(File.ReadAllBytes)];
    }

    // Starts of the sessions alone and of the whole worker alternate, so that both see the same state of the machine.
    private async Task<PairFigures> StartsAsync(PairFigures figures, CancellationToken cancellation)
    {
        Report("starts");
        var (sessions, ready, beyond, mb) = (new List<double>(), new List<double>(), new List<double>(), 0.0);
        for (var i = 0; i < Starts; i++)
        {
            await using (var bare = await subjects.BareAsync(folder, cancellation))
            {
                sessions.Add(bare.First.SessionMs / 1000);
                mb = Math.Max(mb, bare.First.PeakMb);
            }

            if (feeder is not null)
            {
                await using var child = await subjects.WorkerAsync(folder, cancellation);
                ready.Add(child.StartToReady.TotalSeconds);
                beyond.Add(ready[^1] - sessions[^1]);
            }
        }

        return figures with
        {
            SessionsMb = mb,
            SessionSeconds = Rate.Median(sessions),
            Worker = figures.Worker is { } worker
                ? worker with { StartToReadySeconds = Rate.Median(ready), StartBeyondSessionsSeconds = Rate.Median(beyond) }
                : null,
        };
    }

    private List<BatchFigures> Model(ModelCeiling ceiling)
    {
        var contest = new ModelContest(ceiling.Run);
        contest.Run(ceiling.Loads, plan.Windows, plan.Window);
        (_best, _single) = (contest.Best, contest.Single);
        return
        [
            .. contest.Rates
                .GroupBy(r => (r.Key.Batch, r.Key.AtOnce))
                .Select(g => g.MaxBy(r => r.Value.ImagesPerSecond))
                .Select(r => BatchFigures.Of(r.Key, r.Value)),
        ];
    }

    private List<DecodeFigures> Decode()
    {
        Report("decode ceiling");
        var ceiling = new DecodeCeiling(_files, _bundle.Manifest.Preprocessing, plan.Limits);
        return [.. ImageDecoders.Available.Select(decoder =>
        {
            var windows = Enumerable.Range(0, plan.Windows);
            var rate = Rate.Median([.. windows.Select(_ => ceiling.Run(decoder, plan.Window, Environment.ProcessorCount))]);
            return new DecodeFigures(decoder, rate.ImagesPerSecond, rate.CpuMsPerImage);
        })];
    }

    private async Task<WorkerFigures> PipelineAsync(PairFigures figures, CancellationToken cancellation)
    {
        Report("pipeline from memory to memory");
        await using var child = await subjects.PipelineAsync(folder, cancellation);
        return await new SubjectRun(child, plan, feeder: null, Slowest(figures)).RunAsync(Beside(figures), cancellation);
    }

    private async Task<PairFigures> WorkerAsync(PairFigures figures, ReferenceFeeder source, CancellationToken cancellation)
    {
        Report("whole worker");
        var published = source.Published;
        await using var child = await subjects.WorkerAsync(folder, cancellation);
        var run = new SubjectRun(child, plan, source, figures.Pipeline!.ImagesPerSecond);
        var worker = await run.RunAsync(Beside(figures), cancellation);
        var loads = new List<LoadFigures>();
        foreach (var percent in Percents)
        {
            Report($"latency at {percent} % of capacity");
            loads.Add(await run.LoadAsync(percent, length => 1000 / _model!.Run(_single, length).ImagesPerSecond, cancellation));
        }

        return figures with { Worker = worker, Loads = loads };
    }

    private async Task<Dictionary<string, double>> StagesAsync(PairFigures figures, CancellationToken cancellation)
    {
        var load = new LoadCost(plan.Images, plan.Reading, time);
        var model = figures.Model.MaxBy(m => m.ImagesPerSecond)!.CpuMsPerImage;
        var stages = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["message"] = load.Message(),
            ["fetch"] = await load.FetchAsync(cancellation),
            ["decode"] = figures.UsedDecode.CpuMsPerImage,
            ["model"] = model,
        };
        stages["pipeline"] = figures.Pipeline!.CpuMsPerImage - stages.Values.Sum();
        if (figures.Worker is { } worker)
        {
            stages["broker and database clients"] = worker.CpuMsPerImage - figures.Pipeline.CpuMsPerImage;
        }

        return stages;
    }

    private Func<TimeSpan, Task<double>> Beside(PairFigures figures)
    {
        if (figures.DecodeBound)
        {
            var decode = new DecodeCeiling(_files, _bundle.Manifest.Preprocessing, plan.Limits);
            return length => Task.FromResult(decode.Run(figures.Decoder, length, Environment.ProcessorCount).ImagesPerSecond);
        }

        return length => Task.FromResult(_model!.Run(_best, length).ImagesPerSecond);
    }

    private static double Slowest(PairFigures figures) =>
        Math.Min(figures.UsedDecode.ImagesPerSecond, figures.Model.Max(m => m.ImagesPerSecond));

    private void Report(string what) => plan.Report($"{name}: {what}");
}
