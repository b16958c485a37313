using System.CommandLine;
using System.Globalization;
using PartsWorker.Configuration;
using PartsWorker.DeadLetters;

namespace PartsWorker.Commands;

/// <summary><c>partsworker dead-letters</c>: look at what could not be judged, send it back, or throw it away.</summary>
internal static class DeadLettersCommand
{
    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = "Only this reason, such as missing-image or delivery-limit.",
    };
    private static readonly Option<string?> Line = new("--line") { Description = "Only this production line." };
    private static readonly Option<string?> Camera = new("--camera") { Description = "Only this camera." };
    private static readonly Option<string?> Since = new("--since")
    {
        Description = "Only those first seen since: 90m, 12h, 7d, or a time such as 2026-11-21T06:00:00Z.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object per letter." };
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "Rows of the table; counts are of all.",
        DefaultValueFactory = _ => 50,
    };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be replayed and change nothing." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask." };
    private static readonly Argument<Guid> ImageId = new("imageId") { Description = "As shown by list." };

    public static Command Create(Settings settings)
    {
        var list = new Command(
            "list", "Show the dead letters. Example: partsworker dead-letters list --reason missing-image --since 12h")
        {
            Reason, Line, Camera, Since, Limit, Json,
        };
        list.SetAction((a, ct) => Actions(settings, a).ListAsync(Filter(a), a.GetValue(Limit), ct));
        var show = new Command(
            "show", "Show one, whole. Example: partsworker dead-letters show 0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10")
        {
            ImageId, Json,
        };
        show.SetAction((a, ct) => Actions(settings, a).ShowAsync(a.GetValue(ImageId), ct));
        var replay = new Command(
            "replay", "Send letters back to their lane, attempts forgotten. "
                + "Example: partsworker dead-letters replay --reason missing-image --dry-run")
        {
            Reason, Line, Camera, Since, DryRun, Json,
        };
        replay.SetAction((a, ct) => Actions(settings, a).ReplayAsync(Filter(a), a.GetValue(DryRun), ct));
        var purge = new Command(
            "purge", "Throw letters away; asks first. Example: partsworker dead-letters purge --reason bad-message --yes")
        {
            Reason, Line, Camera, Since, Yes, Json,
        };
        purge.SetAction((a, ct) => Actions(settings, a).PurgeAsync(Filter(a), a.GetValue(Yes), ct));
        return new Command(
            "dead-letters", "What could not be judged, and why. Looking never loses or reorders anything. "
                + "Example: partsworker dead-letters list")
        {
            list, show, replay, purge,
        };
    }

    private static DeadLettersActions Actions(Settings settings, ParseResult arguments) =>
        new(RabbitSettings.From(settings.Load()), arguments.GetValue(Json), TimeProvider.System);

    private static DeadLetterFilter Filter(ParseResult arguments) =>
        new(arguments.GetValue(Reason), arguments.GetValue(Line), arguments.GetValue(Camera),
            Instant(arguments.GetValue(Since), TimeProvider.System.GetUtcNow()));

    internal static DateTimeOffset? Instant(string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length > 1
            && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var amount)
            && amount < 100_000)
        {
            switch (text[^1])
            {
                case 'm': return now - TimeSpan.FromMinutes(amount);
                case 'h': return now - TimeSpan.FromHours(amount);
                case 'd': return now - TimeSpan.FromDays(amount);
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new UserErrorException($"--since '{text}' must be such as 90m, 12h, 7d or 2026-11-21T06:00:00Z");
    }
}
