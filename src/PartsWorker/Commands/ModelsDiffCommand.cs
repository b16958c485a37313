using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Comparing;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Hosting;
using PartsWorker.References;

namespace PartsWorker.Commands;

internal static class ModelsDiffCommand
{
    public static Command Create(Settings settings)
    {
        var first = new Argument<string>("a") { Description = "Key of the first model, usually the active one." };
        var second = new Argument<string>("b") { Description = "Key of the second model." };
        var from = MomentOption.Create("--from", "First moment of the window");
        var to = MomentOption.Create("--to", "End of the window, not included");
        var html = new Option<string>("--html") { Description = "Write a report with thumbnails to this file." };
        var examples = new Option<int>("--examples") { Description = "Thumbnails in the report.", DefaultValueFactory = _ => 24 };
        var json = new Option<bool>("--json") { Description = "Print JSON for machines." };
        var command = new Command(
            "diff",
            "Compare two models over the images both have judged. Example: partsworker models diff parts@1 parts@2 --from 2026-11-20 --to 2026-11-21 --html diff.html")
        {
            first, second, from, to, html, examples, json,
        };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            var (a, b) = (arguments.GetRequiredValue(first), arguments.GetRequiredValue(second));
            var diff = await new ModelDiffReader(source).ReadAsync(
                a, b, arguments.GetValue(from), arguments.GetValue(to), Math.Clamp(arguments.GetValue(examples), 0, 500), cancellationToken);
            if (diff.Totals.Images == 0)
            {
                Console.WriteLine($"no image in this window was judged by both {a} and {b}");
                return 0;
            }

            Print(diff, arguments.GetValue(json));
            if (arguments.GetValue(html) is { } file)
            {
                await WritePageAsync(diff, file, settings.Load(), cancellationToken);
            }

            return 0;
        }));
        return command;
    }

    private static void Print(ModelDiff diff, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(diff, JsonSerializerOptions.Web));
            return;
        }

        foreach (var (name, value) in ModelDiffText.Totals(diff.Totals))
        {
            Console.WriteLine($"{name,-22} {value}");
        }

        foreach (var change in diff.Changes.Take(10))
        {
            Console.WriteLine($"  {change.Images,8:N0} x {change.From ?? "unknown"} → {change.To ?? "unknown"}  ({change.ConfidenceFrom:0.00} → {change.ConfidenceTo:0.00})");
        }
    }

    private static async Task WritePageAsync(ModelDiff diff, string file, IConfiguration configuration, CancellationToken cancellationToken)
    {
        await using var services = ImageServices.Create(CommandOptions.Read<ImageOptions>(configuration, ImageOptions.Section));
        using var thumbnails = new Thumbnails(services.GetRequiredService<ImageFetcher>(), SharedLimits.Decoding(configuration));
        try
        {
            await File.WriteAllTextAsync(file, await ModelDiffPage.WriteAsync(diff, uri => thumbnails.MakeAsync(uri, cancellationToken)), cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file} cannot be written: {error.Message}", exitCode: 1, error);
        }

        Console.WriteLine($"report: {Path.GetFullPath(file)}");
    }
}
