using System.CommandLine;
using System.Globalization;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Retention;

namespace PartsWorker.Commands;

/// <summary><c>partsworker retention</c>: drop the months that are older than what shall be kept.</summary>
internal static class RetentionCommand
{
    public static Command Create(Settings settings)
    {
        var keep = new Option<string>("--keep") { Description = "How much to keep, in days: 400d. At least 1d.", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be dropped and drop nothing." };
        var command = new Command("retention", "Drop whole months of results that are older than --keep; image files stay. "
            + "Example: partsworker retention --keep 400d --dry-run")
        {
            keep, dryRun,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var cut = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(Days(arguments.GetRequiredValue(keep)));
            return RunAsync(settings, cut, arguments.GetValue(dryRun), cancellationToken);
        });
        return command;
    }

    private static Task<int> RunAsync(Settings settings, DateTimeOffset cut, bool dryRun, CancellationToken cancellationToken) =>
        DatabaseSession.RunAsync(settings, "retention", async source =>
        {
            var forgotten = await new RetentionJob(source).RunAsync(cut, dryRun, cancellationToken);
            foreach (var partition in forgotten)
            {
                Console.WriteLine(
                    $"{(dryRun ? "would drop" : "dropped")} {partition.Name}: about {partition.EstimatedRows:N0} rows, "
                    + $"{partition.Bytes / 1048576.0:N1} MiB");
            }

            Console.WriteLine(
                forgotten.Count == 0
                    ? $"retention: nothing is older than {cut:yyyy-MM-dd}"
                    : $"retention: {forgotten.Count} {(dryRun ? "to drop" : "dropped")}");
            return 0;
        });

    private static int Days(string keep)
    {
        if (!keep.EndsWith('d')
            || !int.TryParse(keep.AsSpan(0, keep.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            || days > 36_500)
        {
            throw new UserErrorException($"--keep {keep}: write a number of days, for example 400d");
        }

        return days >= 1 ? days : throw new UserErrorException($"--keep {keep} would drop today: keep at least 1d");
    }
}
