using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.DeadLetters;
using PartsWorker.FailureRows;

namespace PartsWorker.Commands;

/// <summary><c>partsworker dead-letters</c>: list and show the messages that failed for good, send them back, or delete them.</summary>
internal static class DeadLettersCommand
{
    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = $"Only dead letters with this reason: {DeadLetterFilter.KnownReasons}.",
    };

    private static readonly Option<string?> Line = new("--line") { Description = "Only this production line." };
    private static readonly Option<string?> Camera = new("--camera") { Description = "Only this camera." };
    private static readonly Option<string?> Since = new("--since")
    {
        Description = "Only dead letters first seen since: 90m, 12h, 7d, or a time such as 2026-11-21T06:00:00Z.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object per dead letter." };
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "Most rows of the table; the counts include all dead letters.", DefaultValueFactory = _ => 50,
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only show what would be replayed; change nothing." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask for confirmation." };
    private static readonly Argument<Guid> ImageId = new("imageId")
    {
        Description = "Image id, as shown by list.", CustomParser = ParseImageId,
    };

    public static Command Create(Settings settings) =>
        new DocumentedCommand(
            "dead-letters",
            "List, show, replay or delete the messages that failed for good.",
            """
            Example:
              partsworker dead-letters list
            """)
        {
            List(settings), Show(settings), Replay(settings), Purge(settings), Sync(settings),
        };

    private static DocumentedCommand List(Settings settings)
    {
        var command = new DocumentedCommand(
            "list",
            "List dead letters and count them by reason; changes nothing.",
            """
            Example:
              partsworker dead-letters list --reason missing-image --since 12h
            """)
        {
            Reason, Line, Camera, Since, Limit, Json,
        };
        command.SetAction((arguments, ct) => RunAsync(
            settings, arguments, (actions, token) => actions.ListAsync(Filter(arguments), arguments.GetValue(Limit), token), ct));
        return command;
    }

    private static DocumentedCommand Show(Settings settings)
    {
        var command = new DocumentedCommand(
            "show",
            "Show one dead letter with its headers and body; changes nothing.",
            """
            Example:
              partsworker dead-letters show 0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10
            """)
        {
            ImageId, Json,
        };
        command.SetAction((arguments, ct) => RunAsync(
            settings, arguments, (actions, token) => actions.ShowAsync(arguments.GetValue(ImageId), token), ct));
        return command;
    }

    private static DocumentedCommand Replay(Settings settings)
    {
        var command = new DocumentedCommand(
            "replay",
            "Send dead letters back to their lane, with their attempts reset.",
            """
            Example:
              partsworker dead-letters replay --reason missing-image --dry-run
            """)
        {
            Reason, Line, Camera, Since, DryRun, Json,
        };
        command.SetAction((arguments, ct) => RunAsync(
            settings, arguments, (actions, token) => actions.ReplayAsync(Filter(arguments), arguments.GetValue(DryRun), token), ct));
        return command;
    }

    private static DocumentedCommand Purge(Settings settings)
    {
        var command = new DocumentedCommand(
            "purge",
            "Delete dead letters, after asking for confirmation.",
            """
            Example:
              partsworker dead-letters purge --reason bad-message --yes
            """)
        {
            Reason, Line, Camera, Since, Yes, Json,
        };
        command.SetAction((arguments, ct) => RunAsync(
            settings, arguments, (actions, token) => actions.PurgeAsync(Filter(arguments), arguments.GetValue(Yes), token), ct));
        return command;
    }

    private static DocumentedCommand Sync(Settings settings)
    {
        var command = new DocumentedCommand(
            "sync",
            "Bring the table failures in PostgreSQL in line with the dead letters of the broker.",
            """
            Example:
              partsworker dead-letters sync

            Workers, replay and purge keep the table themselves. This adds what they could not know: messages that the broker dead-lettered
            on its own (delivery-limit), and changes made while the database was away or with other tools.
            """);
        command.SetAction((arguments, ct) => RunAsync(settings, arguments, (actions, token) => actions.SyncAsync(token), ct));
        return command;
    }

    // The database is optional for all but sync: the letters themselves are in the broker.
    private static async Task<int> RunAsync(
        Settings settings, ParseResult arguments, Func<DeadLettersActions, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        var configuration = settings.Load();
        await using var source = string.IsNullOrWhiteSpace(configuration.GetConnectionString("Postgres"))
            ? null
            : PostgresSource.Open(configuration, "partsworker dead-letters");
        var rabbit = RabbitSettings.From(configuration);
        var table = source is null ? null : new FailureTable(source, rabbit.Prefix, TimeProvider.System);
        var json = arguments.CommandResult.Command.Options.Contains(Json) && arguments.GetValue(Json);
        return await work(new(rabbit, table, json, TimeProvider.System), ct);
    }

    private static DeadLetterFilter Filter(ParseResult arguments) => new(
        DeadLetterFilter.CheckReason(arguments.GetValue(Reason)), arguments.GetValue(Line), arguments.GetValue(Camera),
        ParseSince(arguments.GetValue(Since), TimeProvider.System.GetUtcNow()));

    private static Guid ParseImageId(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (!Guid.TryParse(text, out var id))
        {
            argument.AddError($"'{text}' is not an image id; partsworker dead-letters list shows them");
        }

        return id;
    }

    internal static DateTimeOffset? ParseSince(string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length > 1 && TryParseAmount(text.AsSpan(0, text.Length - 1), out var amount))
        {
            switch (text[^1])
            {
                case 'm': return now - TimeSpan.FromMinutes(amount);
                case 'h': return now - TimeSpan.FromHours(amount);
                case 'd': return now - TimeSpan.FromDays(amount);
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new UserErrorException($"--since '{text}' is not a time; write 90m, 12h, 7d or 2026-11-21T06:00:00Z");
    }

    private static bool TryParseAmount(ReadOnlySpan<char> digits, out double amount) =>
        double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount) && amount < 100_000;
}
