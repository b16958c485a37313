using System.Text;

namespace PartsWorker.Bench.Sizing;

/// <summary>A plan as text.</summary>
internal static class SizingText
{
    public static string Of(SizingPlan plan)
    {
        var (request, image) = (plan.Request, plan.Image);
        var text = new StringBuilder();
        text.AppendLine(
            $"{request.ImagesPerSecond:0.#} images/s of {image.Megapixels:0.0} MP ({image.FileBytes / 1e6:0.00} MB JPEG) "
            + $"with {plan.Model.Name} ({plan.Model.Bundle}, {plan.Model.Precision} on {plan.Model.Device}), "
            + $"resources used up to {request.Utilization:0 %}");
        Line(
            text, "CPU ms per image",
            $"{image.Worker:0.00} worker (decode {image.Decode:0.00}, model {image.Model:0.00}, fetch {image.Fetch:0.00}, "
            + $"pipeline {image.Pipeline:0.00}), {image.Broker:0.000} broker, {image.Database:0.000} database");
        Line(
            text, "workers",
            $"{plan.Workers} of {request.WorkerCores} cores and {plan.WorkerMb / 1000:0.0} GB each: "
            + $"{plan.Workers * request.WorkerCores} cores, {plan.Workers * plan.WorkerMb / 1000:0} GB");
        Line(text, "GPUs", plan.Gpus is { } gpus ? $"{gpus}" : "none: the cost table has no figure of a GPU for this model");
        Line(
            text, "broker",
            $"{plan.Worlds} x Rabbit:Prefix, {plan.BrokerCores} cores per node; {request.BacklogHours:0.#} h without workers are "
            + $"{plan.BacklogMessages / 1e6:0.0} million messages, {plan.BacklogDiskGb:0.0} GB on disk, "
            + $"{plan.BacklogMemoryGb:0.0} GB of memory");
        Line(
            text, "database",
            $"{plan.Databases} of {plan.DatabaseCores} cores; {plan.WalMbPerSecond:0.0} MB/s of write-ahead log");
        Line(
            text, "rows",
            $"{plan.ImagesPerDay / 1e6:0.0} million per day, {plan.DatabaseGbPerMillion:0.00} GB per million: "
            + $"{plan.DatabaseGbPerDay:0.0} GB per day, "
            + $"{plan.DatabaseGbPerDay * request.KeepDays / 1000:0.0} TB in {request.KeepDays} days");
        Line(
            text, "pictures",
            $"{plan.ImagesPerDay * image.FileBytes / 1e12:0.0} TB per day, kept by the cameras' storage and not by PartsWorker");
        Line(
            text, "network",
            $"{plan.StorageGbit:0.00} Gbit/s from the image storage, {plan.ServicesGbit:0.000} Gbit/s of broker and database");
        Saturation(text, plan);
        return text.ToString();
    }

    private static void Saturation(StringBuilder text, SizingPlan plan)
    {
        var first = plan.Ceilings[0];
        text.AppendLine();
        text.AppendLine(plan.Reaches
            ? $"saturates first: {first.Resource}, at {first.ImagesPerSecond:0} images/s"
            : $"DOES NOT REACH {plan.Request.ImagesPerSecond:0.#} images/s: {first.Resource} ends at {first.ImagesPerSecond:0} images/s");
        foreach (var ceiling in plan.Ceilings)
        {
            Line(text, ceiling.Resource, $"{ceiling.ImagesPerSecond,9:0} images/s, used to {Used(plan, ceiling):0 %}");
        }

        text.AppendLine();
        foreach (var note in plan.Notes)
        {
            text.AppendLine($"* {note}");
        }
    }

    private static double Used(SizingPlan plan, Ceiling ceiling) =>
        plan.Request.ImagesPerSecond / ceiling.ImagesPerSecond * plan.Request.Utilization;

    private static void Line(StringBuilder text, string name, string value) => text.AppendLine($"  {name,-28}  {value}");
}
