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

/// <summary><c>partsworker classify</c>: the worker's answer for files on disk, without broker and database.</summary>
internal static class ClassifyCommand
{
    private const string Help = """
        Classify images on this machine; no broker and no database is needed. Prints a table, or one JSON object per file with --json.
          partsworker classify shots/bolt-17.jpg --bundle models/real-parts/1.0.0
          partsworker classify /data/line-a 'more/*.png' --json > answers.jsonl
        Without --bundle it takes Model:Bundle, or the only bundle under models/. Ends 1 when a file could not be read.
        """;

    public static Command Create(Settings settings)
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Files, folders (images below them) and globs.",
            Arity = ArgumentArity.OneOrMore,
        };
        var bundle = new Option<string?>("--bundle") { Description = "Bundle folder, models/<name>/<version>." };
        var json = new Option<bool>("--json") { Description = "One JSON object per file." };
        var command = new Command("classify", Help) { paths, bundle, json };
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
                advance => Task.Run(() => session.Run(files, advance, cancellationToken), cancellationToken));
            report.Summarize(model);
            return report.Failed == 0 ? 0 : 1;
        }
        catch (Exception error) when (StartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }
}
