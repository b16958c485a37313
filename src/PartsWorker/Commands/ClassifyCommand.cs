using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Classifying;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Publishing;
using PartsWorker.Serving;
using PartsWorker.Terminal;

namespace PartsWorker.Commands;

/// <summary><c>partsworker classify</c>: classifies files on disk as the worker would, without broker and database.</summary>
internal static class ClassifyCommand
{
    private const string Notes = """
        Examples:
          partsworker classify images/bolt-17.jpg --bundle models/real-parts/2.7.0
          partsworker classify /data/line-a 'more/*.png' --json > results.jsonl

        Prints a table, or one JSON object per file with --json. The default bundle is Model:Bundle, or the only bundle under models/.
        The exit code is 1 if a file could not be classified.
        """;

    public static Command Create(Settings settings)
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Files, folders (with all images below them) and globs.", Arity = ArgumentArity.OneOrMore,
        };
        var bundle = new Option<string?>("--bundle") { Description = "Bundle folder, models/<name>/<version>." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per file." };
        var command = new DocumentedCommand("classify", "Classify images on this machine, without broker and database.", Notes)
        {
            paths, bundle, json,
        };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(settings, arguments.GetRequiredValue(paths), arguments.GetValue(bundle), arguments.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Settings settings, string[] paths, string? bundle, bool json, CancellationToken cancellationToken)
    {
        await using var services = LocalModels.Build(settings);
        var report = new ClassifyReport(Console.Out, Console.Error, json);
        var files = PublishFiles.Expand(paths, problem => report.Fail("classify", problem));
        try
        {
            using var model = services.GetRequiredService<IModelLibrary>().Load(bundle ?? LocalModels.DefaultBundle(services));
            var session = new ClassifySession(model, services.GetRequiredService<DecodeLimits>(), report);
            await ProgressBar.RunAsync(
                "classifying", files.Count, json,
                advance => session.RunAsync(files, advance, cancellationToken));
            report.Summarize(model);
            return report.Failed == 0 ? 0 : 1;
        }
        catch (Exception error) when (StartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }
}
