using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Status;

namespace PartsWorker.Commands;

/// <summary><c>partsworker status</c>: broker, database, model, workers and what waits, at a glance.</summary>
internal static class StatusCommand
{
    private const string Notes = """
        Examples:
          partsworker status
          partsworker status --json --Images:Roots:0=/srv/cameras

        Changes nothing and takes no message. Exit code 0: images are classified or can be; 1: a problem is listed, such as a broker or
        database that does not answer, a schema that is behind, a missing queue, no worker at the live queue, an unreadable folder.
        With a login of the role partsworker_reader everything is shown; a worker's login cannot read the results.
        """;

    public static Command Create(Settings settings)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new DocumentedCommand("status", "Show broker, queues, database, model, workers and dead letters.", Notes) { json };
        command.SetAction(async (arguments, cancellation) =>
        {
            var report = await new StatusCheck(settings.Load()).RunAsync(cancellation);
            Console.WriteLine(arguments.GetValue(json)
                ? StatusOutput.ToJson(report)
                : string.Join(Environment.NewLine, StatusOutput.ToLines(report, TimeProvider.System.GetUtcNow())));
            return report.Problems.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
