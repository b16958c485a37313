using System.Globalization;

namespace PartsWorker.Board.Quality;

/// <summary>Labels below a plot: as many days as there is room for, the others empty.</summary>
internal static class DayLabels
{
    private const int Room = 8;

    public static string[] Of(IReadOnlyList<DateOnly> days)
    {
        var step = ((days.Count - 1) / Room) + 1;
        return [.. days.Select((day, index) =>
            (days.Count - 1 - index) % step == 0 ? day.ToString("MM-dd", CultureInfo.InvariantCulture) : "")];
    }
}
