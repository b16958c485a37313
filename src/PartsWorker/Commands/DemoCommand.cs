using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Demo;
using PartsWorker.Terminal;

namespace PartsWorker.Commands;

/// <summary><c>partsworker demo</c>: publishes a bundle's golden images, waits for a worker's rows, and prints them.</summary>
internal static class DemoCommand
{
    public static Command Create(Settings settings)
    {
        var bundle = new Option<string?>("--bundle") { Description = "Bundle whose golden images are published; default: Model:Bundle." };
        var images = new Option<string?>("--images") { Description = "Publish other images: a folder with one subfolder per class." };
        var patience = new Option<int>("--patience")
        {
            Description = "Give up after this many seconds without a new row.", DefaultValueFactory = _ => 60,
        };
        var command = new DocumentedCommand(
            "demo",
            "Publish images of known classes and show the rows that a running worker writes.",
            """
            Example:
              partsworker demo --bundle models/real-parts/2.7.0
            """)
        {
            bundle, images, patience,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var limit = TimeSpan.FromSeconds(arguments.GetValue(patience));
            return RunAsync(settings, arguments.GetValue(bundle), arguments.GetValue(images), limit, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Settings settings, string? folder, string? images, TimeSpan patience, CancellationToken cancellationToken)
    {
        var configuration = settings.Load();
        folder ??= configuration["Model:Bundle"];
        if (string.IsNullOrEmpty(folder))
        {
            throw new UserErrorException("demo: no bundle is given; add, for example, --bundle models/real-parts/2.7.0");
        }

        try
        {
            var bundle = ModelBundle.Open(folder);
            var samples = images is null ? DemoSample.Of(bundle) : DemoSample.In(images, bundle);
            if (samples.Count == 0)
            {
                throw new UserErrorException(
                    $"demo: {images ?? folder} contains no image of any class of {bundle.Key}; "
                    + "--images takes a folder with one subfolder per class");
            }

            await using var database = PostgresSource.Open(configuration, "partsworker demo");
            var results = new DemoResults(database, DemoSample.CameraOf(bundle, images), samples);
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
        Console.WriteLine($"publishing {samples.Count} references; {before.Count} of them already have a row");
        await run.PublishAsync(samples, cancellationToken);
        var rows = await ProgressBar.RunAsync("rows", samples.Count, quiet: false, advance =>
        {
            var shown = 0;
            return run.WaitForRowsAsync(samples.Count, patience, Show, cancellationToken);

            void Show(int count)
            {
                advance(count - shown);
                shown = count;
                PrintProgress(count, samples.Count);
            }
        });
        return DemoReport.Print(Console.Out, results.Sql, samples, rows) ? 0 : 1;
    }

    private static void PrintProgress(int rows, int samples)
    {
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine($"rows: {rows} of {samples}");
        }
    }
}
