namespace PartsWorker.Board.DeadLetters;

/// <summary>Which letters to show, from the address; null or empty means any.</summary>
internal sealed record LetterFilter(string? Reason, string? Line, string? Camera, Guid? ImageId)
{
    /// <exception cref="UserErrorException">The image id is not valid.</exception>
    public static LetterFilter Parse(string? reason, string? line, string? camera, string? image) => new(
        OrNull(reason), OrNull(line), OrNull(camera),
        OrNull(image) is not { } text ? null
            : Guid.TryParse(text, out var id) ? id
            : throw new UserErrorException("image is not an image id; one looks like 6f9619ff-8b86-d011-b42d-00cf4fc964ff."));

    public bool Matches(ListedLetter letter) =>
        (Reason is null || Reason == letter.Reason) && (Line is null || Line == letter.Line) && (Camera is null || Camera == letter.Camera)
        && (ImageId is null || ImageId == letter.ImageId);

    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
