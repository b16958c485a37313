using System.Text.Json;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Measured;
using PartsWorker.Bench.Suite;

namespace PartsWorker.Tests.Bench;

public sealed class BenchReportTests
{
    [Fact]
    public void Ratios_are_taken_against_the_ceiling_measured_beside_the_worker()
    {
        var report = Report();
        // real is limited by its model, tiny by decoding.
        Assert.Equal(0.95, report.Ratios["real_worker_over_model"]);
        Assert.Equal(0.05, report.Ratios["real_worker_over_decode"]);
        Assert.Equal(0.8, report.Ratios["tiny_worker_over_decode"]);
        Assert.Equal(0.16, report.Ratios["tiny_worker_over_model"]);
        Assert.Equal(0.5, report.Ratios["none_worker_over_services"]);
        Assert.Equal(0.1, report.Ratios["none_worker_over_consume"]);
    }

    [Fact]
    public void Without_services_there_are_pipeline_ratios_and_no_others()
    {
        var report = new BenchReport { Machine = MachineFigures.Read() };
        report.Pairs["real"] = Pair(20, 400, new WorkerFigures { ImagesPerSecond = 18, OverCeiling = 0.9 }, worker: null);
        report.Pairs["tiny"] = Pair(5000, 900, new WorkerFigures { ImagesPerSecond = 720, OverCeiling = 0.75 }, worker: null);
        report.Compare();
        Assert.Equal(
            [(
                "real_pipeline_over_decode",
                0.045), ("real_pipeline_over_model", 0.9), ("tiny_pipeline_over_decode", 0.75), ("tiny_pipeline_over_model", 0.144)],
            report.Ratios.Select(ratio => (ratio.Key, ratio.Value)));
    }

    [Fact]
    public void Json_has_the_agreed_names()
    {
        var json = JsonSerializer.SerializeToElement(Report(), JsonSerializerOptions.Web);
        Assert.Equal(0.95, json.GetProperty("ratios").GetProperty("real_worker_over_model").GetDouble());
        var real = json.GetProperty("pairs").GetProperty("real");
        Assert.Equal(8, real.GetProperty("model")[0].GetProperty("batch").GetInt32());
        Assert.Equal(12.5, real.GetProperty("loads")[0].GetProperty("latency").GetProperty("p95Ms").GetDouble());
        Assert.Equal(19, real.GetProperty("worker").GetProperty("imagesPerSecond").GetDouble());
        Assert.Equal(Environment.ProcessorCount, json.GetProperty("machine").GetProperty("cores").GetInt32());
    }

    [Fact]
    public void The_table_shows_every_ratio_and_stage()
    {
        var report = Report();
        var table = BenchTable.Of(report);
        Assert.All(report.Ratios.Keys, name => Assert.Contains(name, table, StringComparison.Ordinal));
        Assert.Contains("decode 1.100", table, StringComparison.Ordinal);
        Assert.Contains("latency at 50 %", table, StringComparison.Ordinal);
        Assert.Contains("p50 10.0  p95 12.5  p99 14.0 ms (40 images); the model alone 8.3 ms", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Percentiles_are_values_that_were_measured()
    {
        var figures = LatencyFigures.Of([.. Enumerable.Range(1, 100).Select(i => (float)i).Reverse()])!;
        Assert.Equal((100, 51, 96, 100), (figures.Images, figures.P50Ms, figures.P95Ms, figures.P99Ms));
        Assert.Null(LatencyFigures.Of([]));
    }

    [Fact]
    public void A_rate_is_that_between_two_commits()
    {
        var rate = Rate.Between(new() { Stored = 100, AtMs = 1000, CpuMs = 50 }, new() { Stored = 300, AtMs = 3000, CpuMs = 250 });
        Assert.Equal((100, 1), (rate.ImagesPerSecond, rate.CpuMsPerImage));
    }

    private static BenchReport Report()
    {
        var report = new BenchReport { Machine = MachineFigures.Read() };
        report.Pairs["real"] = Pair(18, 380, pipeline: null, new WorkerFigures { ImagesPerSecond = 19, OverCeiling = 0.95 });
        report.Pairs["tiny"] = Pair(5000, 900, pipeline: null, new WorkerFigures { ImagesPerSecond = 800, OverCeiling = 0.8 });
        report.None = new(new(50_000, 0.01), new(10_000, 0.05), 7000, new WorkerFigures { ImagesPerSecond = 5000, OverCeiling = 0.5 });
        report.Compare();
        return report;
    }

    private static PairFigures Pair(double model, double decode, WorkerFigures? pipeline, WorkerFigures? worker) => new()
    {
        Bundle = "some@1",
        Device = "cpu",
        Precision = "fp32",
        Model = [new(8, 2, model, 1, 1)],
        // The decoder that the worker does not use is no ceiling, however fast it is.
        Decode = [new("imagesharp", decode * 10, 0.2), new("libvips", decode, 1.1)],
        Decoder = "libvips",
        Pipeline = pipeline,
        Worker = worker,
        Loads = worker is null ? [] : [new(50, 10, new LatencyFigures(40, 10, 12.5, 14), 8.25)],
        CpuMsByStage = new Dictionary<string, double> { ["decode"] = 1.1 },
    };
}
