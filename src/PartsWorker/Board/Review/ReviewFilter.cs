using System.Globalization;

namespace PartsWorker.Board.Review;

/// <summary>Which images of the queue to show. The address of the page contains it, so that a link shows the same images.</summary>
public sealed record ReviewFilter
{
    public string? Line { get; init; }

    public string? Camera { get; init; }

    /// <summary>Class that the model predicted.</summary>
    public string? Class { get; init; }

    public string? Reason { get; init; }

    public string? Model { get; init; }

    /// <summary>First moment of capture.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of the time, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The values of column <c>reason</c>.</summary>
    public static IReadOnlyList<string> Reasons { get; } = ["bad picture", "unknown", "low confidence", "stages disagree"];

    /// <returns>The filter, and one line about a value that cannot be read; the filter then leaves it out.</returns>
    public static (ReviewFilter Filter, string? Problem) Parse(Func<string, string?> query)
    {
        var (from, fromProblem) = Time(query("from"), "from");
        var (to, toProblem) = Time(query("to"), "to");
        var reason = Text(query("reason"));
        var isReason = reason is null || Reasons.Contains(reason);
        var filter = new ReviewFilter
        {
            Line = Text(query("line")), Camera = Text(query("camera")), Class = Text(query("class")), Model = Text(query("model")),
            Reason = isReason ? reason : null, From = from, To = to,
        };
        var reasonProblem = isReason ? null : $"There is no reason '{reason}'; use {string.Join(", ", Reasons)}.";
        var orderProblem = from >= to ? "The end of the time is not after its start." : null;
        return (filter, reasonProblem ?? fromProblem ?? toProblem ?? orderProblem);
    }

    /// <summary>Names and values for the address; unused ones are null.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["line"] = Line, ["camera"] = Camera, ["class"] = Class, ["reason"] = Reason, ["model"] = Model,
        ["from"] = Write(From), ["to"] = Write(To),
    };

    /// <summary>The conditions on <c>needs_review AS n</c> with their values, in the order of their parameters.</summary>
    internal (string Sql, List<object?> Values) ToSql()
    {
        var (conditions, values) = (new List<string>(), new List<object?>());
        void Add(string condition, object? value)
        {
            if (value is not null)
            {
                values.Add(value);
                conditions.Add($"{condition} ${values.Count}");
            }
        }

        Add("n.line =", Line);
        Add("n.camera =", Camera);
        Add("n.class =", Class);
        Add("n.reason =", Reason);
        Add("n.model =", Model);
        Add("n.captured_at >=", From);
        Add("n.captured_at <", To);
        return (conditions.Count > 0 ? string.Join(" AND ", conditions) : "true", values);
    }

    /// <summary>UTC to the minute, as the browser's time fields write it.</summary>
    internal static string? Write(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static string? Text(string? value) =>
        string.IsNullOrWhiteSpace(value) ? null : value.Replace("\0", "", StringComparison.Ordinal);

    private static (DateTimeOffset? Time, string? Problem) Time(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return (null, null);
        }

        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, utc, out var time)
            ? (time, null)
            : (null, $"'{name}' is not a time: {value}; use for example 2026-11-20T06:00 (UTC).");
    }
}
