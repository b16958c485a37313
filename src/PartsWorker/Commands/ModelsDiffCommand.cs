using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PartsWorker.Comparing;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Hosting;
using PartsWorker.References;
using PartsWorker.Registry;
using PartsWorker.Terminal;

namespace PartsWorker.Commands;

internal static class ModelsDiffCommand
{
    public static Command Create(Settings settings)
    {
        var first = new Argument<string>("a")
        {
            Description = "Key of the first model, usually the active one; key:precision compares precisions.",
        };
        var second = new Argument<string>("b") { Description = "Key of the second model." };
        var from = TimeOption.Create("--from", "Start of the time window");
        var to = TimeOption.Create("--to", "End of the time window, not included");
        var html = new Option<string>("--html") { Description = "Write a report with thumbnails to this file." };
        var examples = new Option<int>("--examples")
        {
            Description = "Number of thumbnails in the report, 0 to 500.", DefaultValueFactory = _ => 24,
        };
        var images = new Option<int>("--images")
        {
            Description = "Most images to classify again when two precisions are compared.", DefaultValueFactory = _ => 1000,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new DocumentedCommand(
            "diff",
            "Compare two models, or two precisions of one, over the same images.",
            """
            Examples:
              partsworker models diff parts@1.0.0 parts@2.0.0 --from 2026-11-20 --to 2026-11-21
              partsworker models diff parts@1.0.0 parts@2.0.0 --from 2026-11-20 --to 2026-11-21 --html diff.html \
                --Images:Roots:0=/srv/cameras

              partsworker models diff parts@2.0.0:fp32 parts@2.0.0:int8 --from 2026-11-20 --to 2026-11-21

            Two precisions of one bundle are compared by classifying images of the time window again on this machine.
            The report shows the images that the Images settings allow to be read; without any such setting, file:/// references that
            this user may read.
            """)
        {
            first, second, from, to, html, examples, images, json,
        };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            var (a, b) = (arguments.GetRequiredValue(first), arguments.GetRequiredValue(second));
            var thumbnails = Math.Clamp(arguments.GetValue(examples), 0, 500);
            var (begin, end) = (arguments.GetValue(from), arguments.GetValue(to));
            if (begin >= end)
            {
                throw new UserErrorException($"--from {begin:u} must be before --to {end:u}");
            }

            var diff = ModelsDiffPrecisions.IsPrecision(a) || ModelsDiffPrecisions.IsPrecision(b)
                ? await ModelsDiffPrecisions.ReadAsync(
                    settings, source, (a, b), (begin, end), (arguments.GetValue(images), thumbnails), cancellationToken)
                : await ReadAsync(source, a, b, begin, end, thumbnails, cancellationToken);
            (a, b) = (diff.ModelA, diff.ModelB);
            if (diff.Totals.Images == 0 && !arguments.GetValue(json))
            {
                Console.WriteLine($"no image in this time window was classified by both {a} and {b}");
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

    private static async Task<ModelDiff> ReadAsync(
        NpgsqlDataSource source,
        string a,
        string b,
        DateTimeOffset begin,
        DateTimeOffset end,
        int thumbnails,
        CancellationToken cancellationToken)
    {
        var registry = new ModelRegistry(source);
        (a, b) = ((await registry.FindAsync(a, cancellationToken)).Key, (await registry.FindAsync(b, cancellationToken)).Key);
        return await new ModelDiffReader(source).ReadAsync(a, b, begin, end, thumbnails, cancellationToken);
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
            Console.WriteLine(
                $"  {change.Images,8:N0} x {change.From ?? "unknown"} → {change.To ?? "unknown"}"
                + $"  ({change.ConfidenceFrom:0.00} → {change.ConfidenceTo:0.00})");
        }
    }

    private static async Task WritePageAsync(ModelDiff diff, string file, IConfiguration configuration, CancellationToken cancellationToken)
    {
        var options = ReportRoots.Complete(
            CommandOptions.Read<ImageOptions>(configuration, ImageOptions.Section), diff.Examples.Select(example => example.Uri));
        await using var services = ImageServices.Create(options);
        using var thumbnails = new Thumbnails(services.GetRequiredService<ImageFetcher>(), SharedLimits.Decoding(configuration));
        try
        {
            var page = await ModelDiffPage.WriteAsync(diff, uri => thumbnails.MakeAsync(uri, cancellationToken));
            await File.WriteAllTextAsync(file, page, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{file} cannot be written: {error.Message}", exitCode: 1, error);
        }

        // Standard output belongs to the result, which may be JSON.
        await Console.Error.WriteLineAsync($"report: {Path.GetFullPath(file)}");
        if (thumbnails.NotShown is { Count: > 0 } missing)
        {
            await Console.Error.WriteLineAsync(
                $"partsworker: {missing.Count} of {Counted.Of(diff.Examples.Count, "image")} not shown: {missing.Reason}");
        }
    }
}
