using PartsWorker.Client;
using PartsWorker.Model.Bundle;
using PartsWorker.Model.Preprocessing;

namespace PartsWorker.Benching;

/// <summary>Measures one bundle: its ceilings first, then the pipeline alone and the whole worker in turn with the ceiling that limits them.</summary>
internal sealed class PairBench(string name, string folder, BenchPlan plan, Subjects subjects, Feeder? feeder, TimeProvider time) : IDisposable
{
    private static readonly int[] Percents = [10, 50, 90];
    private const int Rounds = 3;
    private const int Starts = 3;
    private readonly ModelBundle _bundle = ModelBundle.Open(folder);
    private readonly byte[][] _files = [.. plan.Images.Take(500).Select(File.ReadAllBytes)];
    private ModelCeiling? _model;

    public async Task<PairFigures> RunAsync(CancellationToken cancellation)
    {
        Say("sessions alone");
        var (sessionsMb, sessionSeconds) = await BareAsync(cancellation);
        Say("model ceiling");
        _model = new ModelCeiling(_bundle, plan.Inference);
        var figures = new PairFigures
        {
            Bundle = _bundle.Key,
            Device = _model.Device,
            Model = Model(_model),
            Decode = Decode(),
            SessionsMb = sessionsMb,
            SessionSeconds = sessionSeconds,
        };
        figures = figures with { Pipeline = await PipelineAsync(figures, cancellation) };
        figures = feeder is null ? figures : await WorkerAsync(figures, feeder, cancellation);
        return figures with { CpuMsByStage = await StagesAsync(figures, cancellation) };
    }

    public void Dispose() => _model?.Dispose();

    private async Task<(double Mb, double Seconds)> BareAsync(CancellationToken cancellation)
    {
        var seconds = new List<double>();
        var mb = 0.0;
        for (var i = 0; i < Starts; i++)
        {
            await using var bare = await subjects.BareAsync(folder, cancellation);
            seconds.Add(bare.First.SessionMs / 1000);
            mb = Math.Max(mb, bare.First.PeakMb);
        }

        return (mb, Rate.Median(seconds));
    }

    private List<BatchFigures> Model(ModelCeiling ceiling)
    {
        // Sizes in turn, so that a slow moment of the machine does not fall on one of them.
        var rounds = Enumerable.Range(0, Rounds).SelectMany(_ => ceiling.Sizes.Select(size => (size, rate: ceiling.Run(size, plan.Window / Rounds)))).ToArray();
        return [.. rounds.GroupBy(r => r.size).Select(g => (g.Key, Rate: Rate.Median([.. g.Select(r => r.rate)])))
            .Select(s => new BatchFigures(s.Key, s.Rate.ImagesPerSecond, s.Key * 1000 / s.Rate.ImagesPerSecond, s.Rate.CpuMsPerImage))];
    }

    private List<DecodeFigures> Decode()
    {
        Say("decode ceiling");
        var ceiling = new DecodeCeiling(_files, _bundle.Manifest.Preprocessing, plan.Limits);
        return [.. ImageDecoders.Available.Select(decoder =>
        {
            var rate = Rate.Median([.. Enumerable.Range(0, Rounds).Select(_ => ceiling.Run(decoder, plan.Window / Rounds, Environment.ProcessorCount))]);
            return new DecodeFigures(decoder, rate.ImagesPerSecond, rate.CpuMsPerImage);
        })];
    }

    private async Task<WorkerFigures> PipelineAsync(PairFigures figures, CancellationToken cancellation)
    {
        Say("pipeline between memory and memory");
        await using var child = await subjects.PipelineAsync(folder, cancellation);
        return await new SubjectRun(child, plan, feeder: null, Slowest(figures)).RunAsync(Beside(figures), cancellation);
    }

    private async Task<PairFigures> WorkerAsync(PairFigures figures, Feeder source, CancellationToken cancellation)
    {
        Say("whole worker");
        var published = source.Published;
        await using var child = await subjects.WorkerAsync(folder, cancellation);
        var starts = new List<double> { child.StartToReady.TotalSeconds };
        var run = new SubjectRun(child, plan, source, figures.Pipeline!.ImagesPerSecond);
        var worker = await run.RunAsync(Beside(figures), cancellation);
        var loads = new List<LoadFigures>();
        foreach (var percent in Percents)
        {
            Say($"latency at {percent} % of capacity");
            loads.Add(await run.LoadAsync(percent, length => 1000 / _model!.Run(1, length).ImagesPerSecond, cancellation));
        }

        while (starts.Count < Starts)
        {
            await using var another = await subjects.WorkerAsync(folder, cancellation);
            starts.Add(another.StartToReady.TotalSeconds);
        }

        var start = Rate.Median(starts);
        return figures with { Worker = worker with { StartToReadySeconds = start, StartBeyondSessionsSeconds = start - figures.SessionSeconds }, Loads = loads };
    }

    private async Task<Dictionary<string, double>> StagesAsync(PairFigures figures, CancellationToken cancellation)
    {
        var load = new LoadCost(plan.Images, time);
        var model = figures.Model.MaxBy(m => m.ImagesPerSecond)!.CpuMsPerImage;
        var stages = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["message"] = load.Message(),
            ["fetch"] = await load.FetchAsync(cancellation),
            ["decode"] = Fastest(figures).CpuMsPerImage,
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
            return length => Task.FromResult(decode.Run(Fastest(figures).Decoder, length, Environment.ProcessorCount).ImagesPerSecond);
        }

        var best = figures.Model.MaxBy(m => m.ImagesPerSecond)!.Batch;
        return length => Task.FromResult(_model!.Run(best, length).ImagesPerSecond);
    }

    private static DecodeFigures Fastest(PairFigures figures) => figures.Decode.MaxBy(d => d.ImagesPerSecond)!;

    private static double Slowest(PairFigures figures) => Math.Min(Fastest(figures).ImagesPerSecond, figures.Model.Max(m => m.ImagesPerSecond));

    private void Say(string what) => plan.Say($"{name}: {what}");
}
