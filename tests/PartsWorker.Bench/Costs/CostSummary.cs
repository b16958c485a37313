using System.Text;
using PartsWorker.Bench.Sizing;

namespace PartsWorker.Bench.Costs;

/// <summary>The first and the last part of the document: the limits in short, and examples that are calculated from the table.</summary>
internal static class CostSummary
{
    private const double ExampleRate = 2000;

    public static void Limits(StringBuilder text, CostTable table)
    {
        CostDocument.Head(text, "Images per second and core of a worker, full queue", ["model", .. table.Pictures.Select(p => p.Size)]);
        foreach (var model in table.Models.Where(model => model.Device == "cpu"))
        {
            var cells = table.Pictures.Select(p => $"{1000 / ImageCost.WithFullQueue(table, model.Name, p.Size).Worker:0.0}");
            CostDocument.Row(text, [model.Name, .. cells]);
        }

        var (services, rows) = (table.Services, table.Tables[^1]);
        CostDocument.Head(text, "Limits", "resource", "limit");
        CostDocument.Row(text, "one queue, published and confirmed", $"{services.PublishPerSecond:0} messages/s");
        CostDocument.Row(text, "one queue, consumed and acknowledged", $"{services.ConsumePerSecond:0} messages/s");
        CostDocument.Row(text, $"one database of {rows.Rows:N0} rows, stored", $"{rows.RowsPerSecond:0} rows/s");
        CostDocument.Row(text, "tables and indexes", $"{rows.DiskBytes / 1000:0.00} GB per million images");
        CostDocument.Row(text, "a worker without a model", $"{1000 / services.WorkerCpuMs:0} images/s per core");
    }

    public static void Examples(StringBuilder text, CostTable table)
    {
        var (model, size) = (table.Models[^1].Name, table.Pictures[Math.Max(1, table.Pictures.Count - 2)].Size);
        var plan = new SizingCalculator(table).Plan(new() { ImagesPerSecond = ExampleRate, Size = size, Model = model });
        text.AppendLine().AppendLine("## Example of a plan").AppendLine();
        text.AppendLine($"`partsbench plan --images-per-second {ExampleRate:0} --size {size} --model {model}`").AppendLine();
        text.AppendLine("```").Append(SizingText.Of(plan)).AppendLine("```");

        var burst = ScalePlan.Example(table);
        text.AppendLine().AppendLine("## Example of a burst").AppendLine();
        text.AppendLine(
            "Calculated, not run: "
            + $"`partsbench scale --images-per-second {burst.ImagesPerSecond:0} --size {table.Pictures[1].Size} --model {model}`");
        text.AppendLine();
        text.AppendLine("```").Append(ScaleText.Of(burst, new ScaleUp(burst).Run())).AppendLine("```");
        CostDocument.Plot(text, "scale");
    }
}
