using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Database;

namespace PartsWorker.Commands;

/// <summary><c>partsworker migrate</c>: migrates the database to the newest schema.</summary>
internal static class MigrateCommand
{
    public static Command Create(Settings settings)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be applied; change nothing." };
        var command = new DocumentedCommand(
            "migrate",
            "Migrate the database to the newest schema.",
            """
            Example:
              partsworker migrate --dry-run
            """)
        {
            dryRun,
        };
        command.SetAction((arguments, cancellationToken) => RunAsync(settings, arguments.GetValue(dryRun), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Settings settings, bool dryRun, CancellationToken cancellationToken) =>
        DatabaseSession.RunAsync(settings, "migrate", async source =>
        {
            try
            {
                var applied = await new Migrator(source, Migration.Embedded(), Console.WriteLine).ApplyAsync(dryRun, cancellationToken);
                Console.WriteLine(applied == 0
                    ? "migrate: the database is up to date"
                    : $"migrate: {applied} {(dryRun ? "to apply" : "applied")}");
                return 0;
            }
            catch (MigrationException error)
            {
                throw new UserErrorException(error.Message, exitCode: 1, error);
            }
        });
}
