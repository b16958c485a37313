using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Suite;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;

namespace PartsWorker.Bench.Costs;

/// <summary>Measures the networks of each bundle alone, in each precision that it has.</summary>
internal sealed class ModelCosts(CostPlan plan, PictureCosts pictures)
{
    // A batch of eight is as cheap per image as larger ones (deploy/BENCHMARKS.md), and does not take long to measure.
    private const int FullBatch = 8;

    public IReadOnlyList<CostedModel> Models { get; } =
    [
        .. from bundle in plan.Bundles
           let opened = ModelBundle.Open(bundle.Value)
           from precision in opened.Precisions
           where precision != Precision.Fp16 || IsOnGpu(opened, plan.Inference)
           select new CostedModel(
               precision == Precision.Fp32 ? bundle.Key : $"{bundle.Key}-{Precisions.NameOf(precision)}",
               bundle.Value,
               PrecisionSettings.Of(precision)),
    ];

    public async Task<IReadOnlyList<ModelCost>> MeasureAsync(BenchWorld world, CancellationToken cancellation)
    {
        var costs = new List<ModelCost>();
        foreach (var model in Models)
        {
            plan.Report($"model {model.Name}");
            costs.Add(await MeasureAsync(model, world, cancellation));
        }

        return costs;
    }

    /// <summary>The worker's processes with this model in this precision.</summary>
    public Subjects Subjects(CostedModel model, IReadOnlyList<string> files, BenchWorld world) =>
        new(
            files, world,
            [.. plan.Overrides, $"--Inference:Precision={model.Precision}", $"--Inference:Device={model.On(plan.Inference).Device}"]);

    // Only loading tells which device auto takes.
    private static bool IsOnGpu(ModelBundle bundle, InferenceOptions options)
    {
        if (options.Device != ExecutionDevice.Auto)
        {
            return options.Device == ExecutionDevice.Cuda;
        }

        using var way = new ModelWay(bundle, options with { Precision = PrecisionSetting.Fp32 });
        return way.Device != "cpu";
    }

    private async Task<ModelCost> MeasureAsync(CostedModel model, BenchWorld world, CancellationToken cancellation)
    {
        var bundle = ModelBundle.Open(model.Folder);
        var subjects = Subjects(model, pictures.Files[plan.Sizes[0].Name], world);
        double sessions, start;
        await using (var bare = await subjects.BareAsync(model.Folder, cancellation))
        {
            sessions = bare.First.PeakMb;
        }

        await using (var worker = await subjects.WorkerAsync(model.Folder, cancellation))
        {
            start = worker.StartToReady.TotalSeconds;
        }

        using var way = new ModelWay(bundle, model.On(plan.Inference));
        way.Run(1, 1, plan.Window / 4);
        var single = way.Run(1, 1, plan.Window);
        var full = way.Run(Math.Min(FullBatch, way.MaxBatch), way.MostAtOnce, plan.Window);
        return new()
        {
            Name = model.Name,
            Bundle = bundle.Key,
            Precision = model.Precision.ToString().ToLowerInvariant(),
            Device = way.Device,
            CpuMs = full.CpuMsPerImage,
            SingleCpuMs = single.CpuMsPerImage,
            // A fast model runs on one thread; several of them would fill the other cores.
            ImagesPerSecond = way.Device == "cpu" ? 1000 * ProcessorCores.Count / full.CpuMsPerImage : full.ImagesPerSecond,
            SessionsMb = sessions,
            StartSeconds = start,
            LoaderMb = await pictures.LoaderMbAsync(model.Folder, cancellation),
            DecodeCpuMs = pictures.Decode(bundle.Manifest.Preprocessing),
        };
    }
}
