using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Demo;
using PartsWorker.Terminal;

namespace PartsWorker.Commands;

/// <summary><c>partsworker demo</c>: publish a bundle's sample images, wait for a worker to judge them, and show what SQL says.</summary>
internal static class DemoCommand
{
    public static Command Create(Settings settings)
    {
        var bundle = new Option<string?>("--bundle") { Description = "Whose sample images; default: Model:Bundle." };
        var images = new Option<string?>("--images")
        {
            Description = "Other images than the bundle's own: a folder with one folder per class.",
        };
        var patience = new Option<int>("--patience")
        {
            Description = "Seconds without a new row after which to give up.",
            DefaultValueFactory = _ => 60,
        };
        var command = new Command(
            "demo",
            "Publish sample images with known classes, wait for the rows and show them; a worker must run. "
                + "Example: partsworker demo --bundle models/real-parts/1.0.0")
        {
            bundle, images, patience,
        };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(
                settings, arguments.GetValue(bundle), arguments.GetValue(images),
                TimeSpan.FromSeconds(arguments.GetValue(patience)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Settings settings, string? folder, string? images, TimeSpan patience, CancellationToken cancellationToken)
    {
        var configuration = settings.Load();
        folder ??= configuration["Model:Bundle"];
        if (string.IsNullOrEmpty(folder))
        {
            throw new UserErrorException("demo: name a bundle, for example --bundle models/real-parts/1.0.0");
        }

        try
        {
            var bundle = ModelBundle.Open(folder);
            var samples = images is null ? DemoSample.Of(bundle) : DemoSample.In(images, bundle);
            if (samples.Count == 0)
            {
                throw new UserErrorException(
                    $"demo: {images ?? folder} holds no image of a class that {bundle.Key} knows; "
                    + "--images takes a folder with one folder per class");
            }

            await using var database = PostgresSource.Open(configuration, "partsworker demo");
            var results = new DemoResults(database, DemoSample.CameraOf(bundle, images));
            var run = new DemoRun(RabbitSettings.From(configuration), results, TimeProvider.System);
            return await ShowAsync(run, results, samples, patience, cancellationToken);
        }
        catch (BundleException error)
        {
            throw new UserErrorException(error.Message, inner: error);
        }
    }

    private static async Task<int> ShowAsync(
        DemoRun run, DemoResults results, IReadOnlyList<DemoSample> samples, TimeSpan patience, CancellationToken cancellationToken)
    {
        var before = await results.ReadAsync(cancellationToken);
        Console.WriteLine($"publishing {samples.Count} references; {before.Count} of their rows are there already");
        await run.PublishAsync(samples, cancellationToken);
        var rows = await ProgressBar.RunAsync("rows", samples.Count, quiet: false, advance =>
        {
            var shown = 0;
            return run.AwaitAsync(samples.Count, patience, Report, cancellationToken);

            void Report(int count)
            {
                advance(count - shown);
                shown = count;
                Say(count, samples.Count);
            }
        });
        return DemoReport.Print(Console.Out, results.Sql, samples, rows) ? 0 : 1;
    }

    private static void Say(int rows, int samples)
    {
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine($"rows: {rows} of {samples}");
        }
    }
}
