using PartsWorker.Files;

namespace PartsWorker.Publishing;

/// <summary>When an image was captured, as far as its file shows it.</summary>
internal static class CaptureTime
{
    private static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// The modification time. A camera without a clock writes 1970 or 2090; the time at which the file appeared is then the better answer,
    /// and it does not change when the file is published again.
    /// </summary>
    public static DateTimeOffset Of(DiskStatus file, DateTimeOffset now) => new(
        IsPlausible(file.Modified, now) ? file.Modified
        : IsPlausible(file.Created, now) ? file.Created
        : now.UtcDateTime);

    public static bool IsPlausible(DateTime utc, DateTimeOffset now) => utc >= Earliest && utc <= now.UtcDateTime.AddDays(1);
}
