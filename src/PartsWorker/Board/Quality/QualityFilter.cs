using System.Globalization;

namespace PartsWorker.Board.Quality;

/// <summary>What the page Quality looks at, as its URL has it: whole UTC days, and optionally one line, camera or model.</summary>
/// <param name="LastDay">Last UTC day.</param>
/// <param name="Days">Number of days, 1 to <see cref="MostDays"/>.</param>
/// <param name="Line">Null for every line.</param>
/// <param name="Camera">Null for every camera.</param>
/// <param name="Model">Null for the current answers, whichever model they come from.</param>
public sealed record QualityFilter(DateOnly LastDay, int Days, string? Line, string? Camera, string? Model)
{
    public const int DefaultDays = 14;

    /// <summary>A statement reads one day at a time; a quarter of a year is what a person waits for.</summary>
    public const int MostDays = 92;

    private const string DayFormat = "yyyy-MM-dd";

    public DateOnly FirstDay => LastDay.AddDays(1 - Days);

    /// <summary>Start of the first day.</summary>
    public DateTimeOffset From => new(FirstDay, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>End of the last day, exclusive.</summary>
    public DateTimeOffset Until => new(LastDay.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>Whether the filter leaves exactly one camera.</summary>
    public bool IsOneCamera => Line is not null && Camera is not null;

    /// <summary>Newest day first.</summary>
    public IEnumerable<DateOnly> NewestFirst => Enumerable.Range(0, Days).Select(back => LastDay.AddDays(-back));

    /// <exception cref="UserErrorException">A value is not a day or not a number of days.</exception>
    public static QualityFilter Parse(string? days, string? to, string? line, string? camera, string? model, DateOnly today)
    {
        var lastDay = today;
        if (!string.IsNullOrEmpty(to)
            && !DateOnly.TryParseExact(to, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out lastDay))
        {
            throw new UserErrorException($"'{to}' is not a day. Write the last day as {DayFormat}.");
        }

        // So that a hundred days back and a reference week before them are still days.
        if (lastDay.Year is < 1970 or > 9000)
        {
            throw new UserErrorException($"'{to}' is not a day that images have. Choose a day after 1970.");
        }

        var count = DefaultDays;
        if (!string.IsNullOrEmpty(days)
            && (!int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MostDays))
        {
            throw new UserErrorException($"'{days}' is not a number of days. Choose 1 to {MostDays}.");
        }

        return new(lastDay, count, NullIfEmpty(line), NullIfEmpty(camera), NullIfEmpty(model));
    }

    /// <summary>The same page for this filter.</summary>
    public string Url(string page = "quality") => $"{page}?days={Days}&to={Text(LastDay)}{Narrowing}";

    /// <summary>The images of one day on the page Find.</summary>
    public string FindUrl(DateOnly day) => $"find?from={Text(day)}T00:00:00Z&to={Text(day.AddDays(1))}T00:00:00Z{Narrowing}";

    /// <summary>The reviewed images of one cell of the confusion matrix.</summary>
    public string ImagesUrl(string? answered, string? reviewed) =>
        $"{Url("quality/images")}&answered={Uri.EscapeDataString(answered ?? "")}&reviewed={Uri.EscapeDataString(reviewed ?? "")}";

    public static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    private string Narrowing => Pair("line", Line) + Pair("camera", Camera) + Pair("model", Model);

    private static string Pair(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
