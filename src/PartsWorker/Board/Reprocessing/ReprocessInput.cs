using System.Globalization;
using System.Text.Json;
using PartsWorker.Board.Layout;
using PartsWorker.Reprocessing;

namespace PartsWorker.Board.Reprocessing;

/// <summary>What a person wants to classify again, as text of the address; empty or null means any.</summary>
internal sealed record ReprocessInput(
    string? Model, string? From, string? To, string? Line, string? Camera, string? Class, string? Decision, string? MaxConfidence)
{
    /// <exception cref="UserErrorException">One line about the first value that is wrong.</exception>
    public ReprocessRequest ToRequest()
    {
        if (string.IsNullOrEmpty(Model) || string.IsNullOrEmpty(From) || string.IsNullOrEmpty(To))
        {
            throw new UserErrorException("Choose a model and both ends of the time window.");
        }

        var (from, to) = UtcTimes.Window(From, To, default);
        return new ReprocessRequest(Model, from, to, new ReprocessFilter
        {
            Line = OrNull(Line),
            Camera = OrNull(Camera),
            Class = OrNull(Class),
            Decision = OrNull(Decision) is null or "accepted" or "unknown"
                ? OrNull(Decision) : throw new UserErrorException("decision must be accepted or unknown."),
            MaxConfidence = ReadConfidence(MaxConfidence),
        });
    }

    /// <summary>The request of a stored run, which finds that run again.</summary>
    public static ReprocessRequest OfRun(RunRow run) =>
        new(run.Model, run.From, run.To, FilterOf(run.FilterJson));

    /// <summary>The conditions of a run in words.</summary>
    public static string Describe(string filterJson)
    {
        var filter = FilterOf(filterJson);
        (string Name, object? Value)[] conditions =
        [
            ("line", filter.Line), ("camera", filter.Camera), ("class", filter.Class), ("decision", filter.Decision),
            ("confidence up to", filter.MaxConfidence), ("at most", filter.Limit),
        ];
        return string.Join(", ", conditions.Where(condition => condition.Value is not null)
            .Select(condition => string.Create(CultureInfo.InvariantCulture, $"{condition.Name} {condition.Value}")));
    }

    /// <summary>The same request for a terminal.</summary>
    public string ToCommand()
    {
        (string Option, string? Value)[] options =
        [
            ("from", From), ("to", To), ("model", Model), ("line", Line), ("camera", Camera), ("class", Class), ("decision", Decision),
            ("max-confidence", MaxConfidence),
        ];
        return "partsworker reprocess " + string.Join(' ', options.Where(option => !string.IsNullOrEmpty(option.Value))
            .Select(option => $"--{option.Option} {Quote(option.Value!)}"));
    }

    // The table takes any JSON.
    private static ReprocessFilter FilterOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ReprocessJson.Default.ReprocessFilter) ?? new();
        }
        catch (JsonException)
        {
            return new();
        }
    }

    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "@.:-_".Contains(c))
            ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static float? ReadConfidence(string? text) =>
        OrNull(text) is not { } given ? null
        : float.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 ? value
        : throw new UserErrorException("The highest confidence must be 0 to 1.");
}
