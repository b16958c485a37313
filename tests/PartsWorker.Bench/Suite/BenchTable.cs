using System.Text;

namespace PartsWorker.Bench.Suite;

/// <summary>The report as text: one block per bundle, then the ratios.</summary>
internal static class BenchTable
{
    public static string Of(BenchReport report)
    {
        var text = new StringBuilder();
        var machine = report.Machine;
        text.AppendLine($"{machine.Cores} cores, {machine.Processor}, {machine.MemoryGb:0.0} GB; {machine.System}; {machine.Runtime}");
        foreach (var (name, pair) in report.Pairs)
        {
            Pair(text, name, pair);
        }

        if (report.None is { } none)
        {
            text.AppendLine().AppendLine("none: no model, no decoding");
            Line(text, "published, confirmed", $"{none.PublishedPerSecond,9:0} messages/s");
            Line(text, "consume ceiling", Speed(none.Consume.ImagesPerSecond, none.Consume.CpuMsPerImage));
            Line(text, "upsert ceiling", Speed(none.Upsert.ImagesPerSecond, none.Upsert.CpuMsPerImage));
            Worker(text, "whole worker", none.Worker);
        }

        text.AppendLine().AppendLine("ratios");
        foreach (var (name, ratio) in report.Ratios)
        {
            Line(text, name, $"{ratio,9:0.000}");
        }

        return text.ToString();
    }

    private static void Pair(StringBuilder text, string name, PairFigures pair)
    {
        text.AppendLine().AppendLine($"{name}: {pair.Bundle}, {pair.Precision} on {pair.Device}, decoder {pair.Decoder}");
        foreach (var batch in pair.Model)
        {
            var speed = Speed(batch.ImagesPerSecond, batch.CpuMsPerImage);
            Line(text, $"model ceiling, {batch.AtOnce} x batch {batch.Batch}", $"{speed}  {batch.MsPerBatch,8:0.0} ms per batch");
        }

        foreach (var decode in pair.Decode)
        {
            Line(text, $"decode ceiling, {decode.JpegReader}", Speed(decode.ImagesPerSecond, decode.CpuMsPerImage));
        }

        Worker(text, "pipeline, memory to memory", pair.Pipeline);
        Worker(text, "whole worker", pair.Worker);
        foreach (var load in pair.Loads)
        {
            var latency = load.Latency;
            Line(
                text,
                $"latency at {load.PercentOfCapacity} %",
                $"{load.ImagesPerSecond,9:0.0} images/s  p50 {latency.P50Ms:0.0}  p95 {latency.P95Ms:0.0}  p99 {latency.P99Ms:0.0} ms "
                + $"({latency.Images} images); the model alone {load.BareMs:0.0} ms");
        }

        Line(text, "sessions alone", $"{pair.SessionsMb,9:0} MB peak, {pair.SessionSeconds:0.00} s to create and warm up");
        if (pair.Worker is { } worker)
        {
            var beyond = worker.StartBeyondSessionsSeconds;
            Line(text, "start to ready", $"{worker.StartToReadySeconds,9:0.00} s, {beyond:0.00} s beyond the sessions");
        }

        Line(text, "CPU ms per image", string.Join(", ", pair.CpuMsByStage.Select(s => $"{s.Key} {s.Value:0.000}")));
    }

    private static void Worker(StringBuilder text, string name, WorkerFigures? worker)
    {
        if (worker is not null)
        {
            Line(
                text,
                name,
                $"{Speed(worker.ImagesPerSecond, worker.CpuMsPerImage)}  {worker.ManagedBytesPerImage:0} managed bytes per image, "
                + $"{worker.Gen2PerTenThousand:0.0} gen2 per 10,000, {worker.PeakMb:0} MB peak; "
                + $"ceiling beside it {worker.CeilingBeside:0.0}");
        }
    }

    private static string Speed(double imagesPerSecond, double cpu) => $"{imagesPerSecond,9:0.0} images/s  {cpu,8:0.000} CPU ms per image";

    private static void Line(StringBuilder text, string name, string value) => text.AppendLine($"  {name,-30} {value}");
}
