using System.Globalization;

namespace PartsWorker.Board.Quality;

/// <summary>The images of one cell of the confusion matrix, newest first, as the URL has it.</summary>
/// <param name="Time">Days, line, camera and model.</param>
/// <param name="Answered">Class by the model; null for unknown.</param>
/// <param name="Reviewed">Class by the person; null for none of the known classes.</param>
/// <param name="BeforeTime">Only images before this time, or of this time and with a lower id.</param>
/// <param name="BeforeImage">The id that belongs to it.</param>
internal sealed record ReviewedImagesFilter(
    QualityFilter Time, string? Answered, string? Reviewed, DateTimeOffset BeforeTime, Guid BeforeImage)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <exception cref="UserErrorException">A class is missing, or the place in the list cannot be read.</exception>
    public static ReviewedImagesFilter Parse(QualityFilter time, string? answered, string? reviewed, string? before)
    {
        if (answered is null || reviewed is null)
        {
            throw new UserErrorException("The address names no pair of classes. Follow a link of the page Quality.");
        }

        var place = string.IsNullOrEmpty(before) ? (time.Until, Guid.Empty) : Place(before);
        return new(time, NullIfEmpty(answered), NullIfEmpty(reviewed), place.Item1, place.Item2);
    }

    /// <summary>The page after this image.</summary>
    public string NextUrl(ReviewedImage last) =>
        $"{Time.ImagesUrl(Answered, Reviewed)}&before="
        + $"{last.CapturedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}_{last.ImageId}";

    private static (DateTimeOffset Time, Guid Image) Place(string before)
    {
        var parts = before.Split('_');
        return parts.Length == 2 && Guid.TryParse(parts[1], out var image)
            && DateTimeOffset.TryParseExact(
                parts[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time)
            ? (time, image)
            : throw new UserErrorException($"'{before}' is not a place in the list. Open the list again from the page Quality.");
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
