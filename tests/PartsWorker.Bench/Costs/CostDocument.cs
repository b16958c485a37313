using System.Text;

namespace PartsWorker.Bench.Costs;

/// <summary>A cost table as a page of Markdown, with its plots.</summary>
internal static class CostDocument
{
    private const string Name = "costs.md";

    /// <returns>The text that was written.</returns>
    public static string Write(CostTable table, string folder)
    {
        var text = Of(table);
        File.WriteAllText(Path.Combine(folder, Name), text);
        return text;
    }

    public static string Of(CostTable table)
    {
        var machine = table.Machine;
        var text = new StringBuilder();
        text.AppendLine("# Measured costs").AppendLine();
        text.AppendLine("Written by `partsbench costs`; [SIZING.md](../SIZING.md) explains the figures.").AppendLine();
        text.AppendLine($"* {table.Measured:yyyy-MM-dd}, {machine.Cores} cores, {machine.Processor}, {machine.MemoryGb:0.0} GB");
        text.AppendLine($"* {machine.System}; {machine.Runtime}");
        text.AppendLine("* workers, broker and database share the cores; broker and database are one node each");
        string?[] remarks = [table.Note, table.Quick ? "**measured with --quick: the figures mean nothing**" : null];
        foreach (var remark in remarks.OfType<string>())
        {
            text.AppendLine($"* {remark}");
        }

        CostSummary.Limits(text, table);
        Pictures(text, table);
        Models(text, table);
        Services(text, table.Services);
        Workers(text, table);
        Queues(text, table);
        Tables(text, table);
        Points(text, table);
        CostSummary.Examples(text, table);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Pictures(StringBuilder text, CostTable table)
    {
        Head(text, "Pictures", "size", "pixels", "JPEG", "read, CPU ms");
        foreach (var p in table.Pictures)
        {
            Row(text, p.Size, $"{p.Width}x{p.Height}", $"{p.FileBytes / 1000:0} kB", $"{p.FetchCpuMs:0.000}");
        }

        Head(text, "Decoding, CPU ms per image", ["bundle", .. table.Pictures.Select(p => p.Size)]);
        foreach (var model in table.Models.DistinctBy(model => model.Bundle))
        {
            Row(text, [model.Bundle, .. table.Pictures.Select(p => $"{model.DecodeCpuMs[p.Size]:0.00}")]);
        }

        Plot(text, "decode");
    }

    private static void Models(StringBuilder text, CostTable table)
    {
        Head(
            text, "Models alone", "name", "bundle", "precision, device", "CPU ms in full batches", "CPU ms one at a time",
            "images/s per core", "sessions", $"each loader at {table.Pictures[^1].Size}", "start to ready");
        foreach (var m in table.Models)
        {
            var perCore = m.Device == "cpu" ? $"{1000 / m.CpuMs:0.0}" : $"{m.ImagesPerSecond:0.0} per GPU";
            Row(
                text, m.Name, m.Bundle, $"{m.Precision}, {m.Device}", $"{m.CpuMs:0.000}", $"{m.SingleCpuMs:0.000}", perCore,
                $"{m.SessionsMb:0} MB", $"{m.LoaderMb:0} MB", $"{m.StartSeconds:0.0} s");
        }
    }

    private static void Services(StringBuilder text, ServiceCost s)
    {
        Head(text, "A message without a model", "", "CPU ms per image", "without messages, cores");
        Row(text, "worker (read, pipeline, clients)", $"{s.WorkerCpuMs:0.000}", "");
        Row(text, "broker, publishing", $"{s.PublishBrokerCpuMs:0.000}", $"{s.IdleBrokerCores:0.000}");
        Row(text, "broker, delivering", $"{s.DeliverBrokerCpuMs:0.000}", "");
        Row(text, "database", $"{s.DatabaseCpuMs:0.000}", $"{s.IdleDatabaseCores:0.000}");
        text.AppendLine();
        text.AppendLine(
            $"Published and confirmed {s.PublishPerSecond:0} messages/s; consumed and acknowledged {s.ConsumePerSecond:0} messages/s by "
            + "a client that does nothing else. "
            + $"On the wire, both directions: publishing {s.PublishBytes:0}, delivering {s.DeliverBytes:0}, "
            + $"storing {s.StoreBytes:0} bytes per image. A worker without a model needs {s.WorkerMb:0} MB.");
    }

    private static void Workers(StringBuilder text, CostTable table)
    {
        Head(
            text, $"Workers on a full queue, {table.Pictures[0].Size}", "model", "workers", "images/s", "CPU ms: worker", "broker",
            "database", "peak MB each", "cores used by others");
        foreach (var w in table.Workers)
        {
            Row(
                text, w.Model, $"{w.Workers}", $"{w.ImagesPerSecond:0.0}", $"{w.WorkerCpuMs:0.000}", $"{w.BrokerCpuMs:0.000}",
                $"{w.DatabaseCpuMs:0.000}", $"{w.PeakMb:0}", $"{w.OtherCores:0.0}");
        }

        foreach (var model in table.Workers.Select(worker => worker.Model).Distinct(StringComparer.Ordinal))
        {
            Plot(text, $"workers-{model}");
        }

        Plot(text, "memory");
        Head(
            text, "One worker at half of its capacity, publishing included", "model", "images/s", "CPU ms: worker", "broker", "database",
            "p50 ms", "p95 ms", "p99 ms");
        foreach (var l in table.Loads)
        {
            Row(
                text, l.Model, $"{l.ImagesPerSecond:0.0}", $"{l.WorkerCpuMs:0.000}", $"{l.BrokerCpuMs:0.000}", $"{l.DatabaseCpuMs:0.000}",
                $"{l.P50Ms:0.0}", $"{l.P95Ms:0.0}", $"{l.P99Ms:0.0}");
        }
    }

    private static void Queues(StringBuilder text, CostTable table)
    {
        Head(text, "Messages that wait in one queue", "messages", "published/s", "memory of the broker", "disk per message");
        foreach (var b in table.Backlogs)
        {
            Row(text, $"{b.Messages:N0}", $"{b.PublishedPerSecond:0}", $"{b.BrokerMb:0} MB", $"{b.DiskBytes:0} bytes");
        }

        Plot(text, "backlog");
    }

    private static void Tables(StringBuilder text, CostTable table)
    {
        Head(
            text, "Tables", "rows", "rows/s", "database CPU ms per row", "log per row", "log per row after a checkpoint",
            "tables and indexes per million rows");
        foreach (var t in table.Tables)
        {
            Row(
                text, $"{t.Rows:N0}", $"{t.RowsPerSecond:0}", $"{t.CpuMs:0.000}", $"{t.WalBytes / 1000:0.0} kB",
                $"{t.WalBytesAfterCheckpoint / 1000:0.0} kB", $"{t.DiskBytes / 1000:0.00} GB");
        }

        Plot(text, "rows");
        Head(text, "Queries, ms", ["query", .. table.Tables.Select(t => $"{t.Rows:N0} rows")]);
        foreach (var name in table.Tables[^1].QueryMs.Keys)
        {
            Row(text, [name, .. table.Tables.Select(t => t.QueryMs.TryGetValue(name, out var ms) ? $"{ms:0.0}" : "")]);
        }

        Plot(text, "queries");
    }

    private static void Points(StringBuilder text, CostTable table)
    {
        Head(
            text, "Prediction and measurement", "model", "size", "workers", "predicted CPU ms", "measured", "error", "predicted images/s",
            "measured", "error", "cores used by others", "error on the cores left");
        foreach (var p in table.Points)
        {
            Row(
                text, p.Model, p.Size, $"{p.Workers}", $"{p.PredictedCpuMs:0.00}", $"{p.MeasuredCpuMs:0.00}", $"{p.CpuError:+0 %;-0 %}",
                $"{p.PredictedImagesPerSecond:0.0}", $"{p.MeasuredImagesPerSecond:0.0}", $"{p.RateError:+0 %;-0 %}",
                $"{p.OtherCores:0.0}", $"{p.RateErrorOnTheRest(table.Machine.Cores):+0 %;-0 %}");
        }

        Plot(text, "error");
    }

    public static void Head(StringBuilder text, string title, params string[] columns)
    {
        text.AppendLine().AppendLine($"## {title}").AppendLine();
        Row(text, columns);
        text.AppendLine("|" + string.Concat(Enumerable.Repeat("---|", columns.Length)));
    }

    public static void Row(StringBuilder text, params string[] cells) => text.AppendLine($"| {string.Join(" | ", cells)} |");

    public static void Plot(StringBuilder text, string name) => text.AppendLine().AppendLine($"![{name}]({name}.svg)");
}
