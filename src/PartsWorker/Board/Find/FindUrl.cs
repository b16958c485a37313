using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace PartsWorker.Board.Find;

/// <summary>The filter as the query of a URL: reads it strictly, because a filter that is half understood shows wrong images.</summary>
internal static class FindUrl
{
    public const string Page = "find";
    public const string Before = "before";
    private const int LongestValue = 200;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    /// <summary>Every key, in the order in which links carry them.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "time", "from", "to", "line", "camera", "class", "color", "shape", "decision", "doubt", "reviewed", "min", "max", "model",
        "attribute", "imageId", Before,
    ];

    private static readonly Dictionary<string, FindTime> Times = new(StringComparer.Ordinal)
    {
        ["1h"] = FindTime.LastHour, ["today"] = FindTime.Today, ["yesterday"] = FindTime.Yesterday, ["7d"] = FindTime.SevenDays,
    };

    private static readonly string[] Doubts = ["any", "unknown", "low confidence", "stages disagree"];

    /// <summary>The values of the known keys that are set, as they are; never fails.</summary>
    public static Dictionary<string, string> Values(string query) => QueryHelpers.ParseQuery(query)
        .Where(pair => Keys.Contains(pair.Key) && !StringValues.IsNullOrEmpty(pair.Value))
        .ToDictionary(pair => pair.Key, pair => pair.Value[0]!.Trim());

    public static string Link(string page, IReadOnlyDictionary<string, string> values)
    {
        var pairs = Keys.Where(key => values.TryGetValue(key, out var value) && value.Length > 0)
            .Select(key => $"{key}={Uri.EscapeDataString(values[key])}").ToArray();
        return pairs.Length == 0 ? page : $"{page}?{string.Join('&', pairs)}";
    }

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string Text(FindKey key) => $"{Text(key.CapturedAt)}_{key.ImageId}";

    /// <exception cref="UserErrorException">One line: which part of the query is wrong, and what it should look like.</exception>
    public static FindFilter Parse(string query)
    {
        foreach (var (key, values) in QueryHelpers.ParseQuery(query))
        {
            Check(key, values);
        }

        var text = Values(query);
        string? Get(string key) => text.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;
        var filter = new FindFilter
        {
            Time = Get("time") is { } time ? TimeOf(time) : null,
            From = Get("from") is { } from ? InstantOf("from", from) : null,
            To = Get("to") is { } to ? InstantOf("to", to) : null,
            Line = Get("line"), Camera = Get("camera"), Class = Get("class"), Color = Get("color"), Shape = Get("shape"),
            Decision = Get("decision") is { } decision ? OneOf("decision", decision, "accepted", "unknown") : null,
            Doubt = Get("doubt") is { } doubt ? OneOf("doubt", doubt, Doubts) : null,
            Reviewed = Get("reviewed"),
            MinConfidence = Get("min") is { } min ? ConfidenceOf("min", min) : null,
            MaxConfidence = Get("max") is { } max ? ConfidenceOf("max", max) : null,
            Model = Get("model"),
            Attribute = Get("attribute") is { } attribute ? AttributeOf(attribute) : null,
            ImageId = Get("imageId") is { } id ? IdOf(id) : null,
            Before = Get(Before) is { } before ? KeyOf(before) : null,
        };
        return Consistent(filter);
    }

    private static void Check(string key, StringValues values)
    {
        if (!Keys.Contains(key))
        {
            throw new UserErrorException($"The filter has no key \"{Shorten(key)}\". Its keys are: {string.Join(", ", Keys)}.");
        }

        if (values.Count > 1)
        {
            throw new UserErrorException($"The filter has {key} {values.Count} times: give it once.");
        }

        var value = values.ToString();
        if (value.Length > LongestValue || value.Any(char.IsControl))
        {
            throw new UserErrorException(
                $"{key} is longer than {LongestValue} characters or has control characters: \"{Shorten(value)}\".");
        }
    }

    private static FindFilter Consistent(FindFilter filter)
    {
        if (filter.Time is not null && (filter.From ?? filter.To) is not null)
        {
            throw new UserErrorException("The filter has time and also from or to: give one of them.");
        }

        if (filter.From >= filter.To)
        {
            throw new UserErrorException("from is not before to: nothing can match.");
        }

        return filter.MinConfidence > filter.MaxConfidence ? throw new UserErrorException("min is above max: nothing can match.") : filter;
    }

    private static FindTime TimeOf(string text) => Times.TryGetValue(text, out var time)
        ? time : throw Wrong("time", text, string.Join(", ", Times.Keys));

    private static DateTimeOffset InstantOf(string key, string text) =>
        text.Length >= 10 && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw Wrong(key, text, "a time like 2026-11-28T06:00Z; without a zone it is UTC");

    private static string OneOf(string key, string text, params string[] allowed) =>
        allowed.Contains(text) ? text : throw Wrong(key, text, string.Join(", ", allowed));

    private static float ConfidenceOf(string key, string text) =>
        float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? value : throw Wrong(key, text, "a confidence from 0 to 1, like 0.8");

    private static (string Key, string Value) AttributeOf(string text) => text.IndexOf('=', StringComparison.Ordinal) is var at and > 0
        ? (text[..at].Trim(), text[(at + 1)..].Trim()) : throw Wrong("attribute", text, "key=value, like order=4027");

    private static Guid IdOf(string text) => Guid.TryParseExact(text, "D", out var id)
        ? id : throw Wrong("imageId", text, "a UUID like 29635388-5b45-5d26-9cf7-d627cac57f72");

    private static FindKey KeyOf(string text) =>
        text.Split('_') is [var time, var id] ? new(InstantOf(Before, time), IdOf(id))
            : throw Wrong(Before, text, "time_imageId, as links have it");

    private static UserErrorException Wrong(string key, string text, string expected) =>
        new($"{key} is \"{Shorten(text)}\"; it must be {(expected.Contains(", ", StringComparison.Ordinal) ? "one of: " : "")}{expected}.");

    private static string Shorten(string text) =>
        string.Concat((text.Length <= 60 ? text : text[..60] + "...").Select(c => char.IsControl(c) ? '?' : c));
}
