using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PartsWorker.Client;
using PartsWorker.Terminal;
using Spectre.Console;

namespace PartsWorker.DeadLetters;

/// <summary>Prints dead letters: as a table, one letter in full, or as JSON.</summary>
internal sealed class DeadLettersOutput(TextWriter output, bool json, TimeProvider time)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void PrintTable(DeadLetterTally tally)
    {
        if (json)
        {
            foreach (var letter in tally.First)
            {
                PrintLetter(letter);
            }

            return;
        }

        if (tally.Total > 0)
        {
            var table = new Table().Border(TableBorder.Simple)
                .AddColumns("imageId", "reason", "stage", "line", "camera", "lane", "attempts", "age", "file", "error");
            foreach (var letter in tally.First)
            {
                table.AddRow(Row(letter).Select(c => new Text(c)).ToArray());
            }

            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
            console.Profile.Width = Console.IsOutputRedirected ? 220 : console.Profile.Width;
            console.Write(table);
        }

        var shown = tally.Total > tally.First.Count ? $" ({tally.First.Count} shown)" : "";
        var reasons = string.Concat(tally.ByReason.Select(r => $", {r.Value} {r.Key}"));
        var images = tally.Total > tally.Images ? $" of {Counted.Of(tally.Images, "image")}" : "";
        output.WriteLine($"{Counted.Of(tally.Total, "dead letter")}{images}{shown}{reasons}");
    }

    public void PrintLetter(DeadLetter letter)
    {
        if (json)
        {
            output.WriteLine(ToJson(letter));
            return;
        }

        output.WriteLine($"imageId     {letter.ImageId?.ToString() ?? "unreadable"}");
        output.WriteLine($"reason      {letter.Reason}{(letter.Stage is null ? "" : $" in {letter.Stage}")}");
        output.WriteLine($"error       {Clean(letter.Error ?? "none given")}");
        output.WriteLine($"attempts    {letter.Attempts}, first seen {letter.FirstSeen?.ToString("O") ?? "unknown"}");
        output.WriteLine($"file        {Clean(letter.Uri ?? "no readable reference")}");
        output.WriteLine($"routing key {Clean(letter.RoutingKey)}");
        foreach (var (name, value) in letter.Properties.Headers ?? new Dictionary<string, object?>())
        {
            var text = value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString() ?? "";
            output.WriteLine($"header      {Clean(name)}: {Clean(text)}");
        }

        output.WriteLine($"body        {Clean(Encoding.UTF8.GetString(letter.Body.Span))}");
    }

    private static string ToJson(DeadLetter letter) => JsonSerializer.Serialize(new
    {
        imageId = letter.ImageId,
        reason = letter.Reason,
        stage = letter.Stage,
        error = letter.Error,
        attempts = letter.Attempts,
        firstSeen = letter.FirstSeen,
        lane = PartsTopology.NameOf(letter.Lane),
        line = letter.Line,
        camera = letter.Camera,
        uri = letter.Uri,
        routingKey = letter.RoutingKey,
        body = Encoding.UTF8.GetString(letter.Body.Span),
    }, Readable);

    public void PrintReplayed(DeadLetter letter, bool dryRun, string? error)
    {
        if (json)
        {
            var replayed = !dryRun && error is null;
            var line = new { imageId = letter.ImageId, lane = PartsTopology.NameOf(letter.Lane), replayed, error };
            output.WriteLine(JsonSerializer.Serialize(line, Readable));
        }
        else if (error is not null)
        {
            Console.Error.WriteLine($"partsworker: {letter.ImageId}: not replayed: {Clean(error)}");
        }
    }

    public void PrintSummary(string line)
    {
        if (!json)
        {
            output.WriteLine(line);
        }
    }

    public static bool Confirm(string question) =>
        Console.IsInputRedirected
            ? throw new UserErrorException("dead-letters purge: no terminal to ask on; pass --yes")
            : AnsiConsole.Confirm(question, defaultValue: false);

    private string[] Row(DeadLetter letter) =>
    [
        letter.ImageId?.ToString() ?? "unreadable",
        letter.Reason,
        letter.Stage ?? "broker",
        letter.Line ?? "?",
        letter.Camera ?? "?",
        PartsTopology.NameOf(letter.Lane),
        letter.Attempts.ToString(),
        letter.FirstSeen is { } seen ? Age(time.GetUtcNow() - seen) : "?",
        letter.Uri is { } uri ? Clean(Uri.UnescapeDataString(uri.Split('?')[0].Split('/')[^1])) : "?",
        Clean(letter.Error ?? ""),
    ];

    private static string Age(TimeSpan age) =>
        age.TotalDays >= 1 ? $"{age.TotalDays:0.#}d"
        : age.TotalHours >= 1 ? $"{age.TotalHours:0.#}h"
        : $"{Math.Max(0, age.TotalMinutes):0}m";

    // Letters come from outside; their control characters would reach the terminal.
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
