using System.Globalization;

namespace PartsWorker.Board.Layout;

/// <summary>Times in addresses and input fields: UTC, as <c>datetime-local</c> fields write them.</summary>
internal static class UtcTimes
{
    private const string Format = "yyyy-MM-ddTHH:mm";

    /// <param name="time">In UTC, whatever its kind.</param>
    public static string Write(DateTime time) => time.ToString(Format, CultureInfo.InvariantCulture);

    /// <returns>Null when it is not a time.</returns>
    public static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;

    /// <summary>A window of an address; parts that it leaves out come from <paramref name="standard"/>.</summary>
    /// <exception cref="UserErrorException">A part is not a time, or the window is empty.</exception>
    public static (DateTimeOffset From, DateTimeOffset To) Window(
        string? from, string? to, (DateTimeOffset From, DateTimeOffset To) standard)
    {
        var (start, end) = (Part("from", from, standard.From), Part("to", to, standard.To));
        return start < end ? (start, end) : throw new UserErrorException("The start of the time window must be before its end.");
    }

    private static DateTimeOffset Part(string name, string? text, DateTimeOffset standard) =>
        string.IsNullOrEmpty(text) ? standard
        : Read(text) ?? throw new UserErrorException($"{name} is not a time; write it as 2026-11-20T06:00 (UTC).");
}
