using System.CommandLine;
using System.Globalization;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Retention;
using Spectre.Console;

namespace PartsWorker.Commands;

/// <summary><c>partsworker retention</c>: drops the months of results that are older than the time to keep.</summary>
internal static class RetentionCommand
{
    public static Command Create(Settings settings)
    {
        var keep = new Option<string>("--keep") { Description = "How long to keep results, in days: 400d. At least 1d.", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be dropped; drop nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask for confirmation." };
        var command = new DocumentedCommand(
            "retention",
            "Drop whole months of results that are older than --keep.",
            """
            Example:
              partsworker retention --keep 400d --dry-run

            Image files are not deleted. On a terminal it asks first; a timer or a pipe is not asked.
            """)
        {
            keep, dryRun, yes,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var cut = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(Days(arguments.GetRequiredValue(keep)));
            var ask = !arguments.GetValue(dryRun) && !arguments.GetValue(yes) && !Console.IsInputRedirected;
            return RunAsync(settings, cut, arguments.GetValue(dryRun), ask, cancellationToken);
        });
        return command;
    }

    private static Task<int> RunAsync(Settings settings, DateTimeOffset cut, bool dryRun, bool ask, CancellationToken cancellationToken) =>
        DatabaseSession.RunAsync(settings, "retention", async source =>
        {
            var job = new RetentionJob(source);
            if (ask && await job.RunAsync(cut, dryRun: true, cancellationToken) is { Count: > 0 } due && !Confirm(due, cut))
            {
                Console.WriteLine("retention: nothing was dropped");
                return 1;
            }

            var dropped = await job.RunAsync(cut, dryRun, cancellationToken);
            foreach (var partition in dropped)
            {
                var size = $"about {partition.EstimatedRows:N0} rows, {partition.Bytes / 1048576.0:N1} MiB";
                Console.WriteLine($"{(dryRun ? "would drop" : "dropped")} {partition.Name}: {size}");
            }

            Console.WriteLine(dropped.Count == 0
                ? $"retention: no month of results ends before {cut:yyyy-MM-dd}"
                : $"retention: {dropped.Count} partitions {(dryRun ? "to drop" : "dropped")}");
            return 0;
        });

    private static bool Confirm(IReadOnlyList<DroppedPartition> due, DateTimeOffset cut)
    {
        var names = string.Join(", ", due.Select(partition => partition.Name));
        return AnsiConsole.Confirm(Markup.Escape($"Drop results before {cut:yyyy-MM-dd} permanently ({names})?"), defaultValue: false);
    }

    private static int Days(string keep)
    {
        if (!keep.EndsWith('d')
            || !int.TryParse(keep.AsSpan(0, keep.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            || days > 36_500)
        {
            throw new UserErrorException($"--keep '{keep}' is not a number of days; write, for example, 400d");
        }

        return days >= 1 ? days : throw new UserErrorException($"--keep {keep} would drop today's results; keep at least 1d");
    }
}
