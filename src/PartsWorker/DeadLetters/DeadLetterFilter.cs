namespace PartsWorker.DeadLetters;

/// <summary>Selects dead letters; null means any.</summary>
internal sealed record DeadLetterFilter(
    string? Reason = null, string? Line = null, string? Camera = null, DateTimeOffset? Since = null, Guid? ImageId = null)
{
    public bool Matches(DeadLetter letter) =>
        (Reason is null || Reason == letter.Reason)
        && (Line is null || Line == letter.Line)
        && (Camera is null || Camera == letter.Camera)
        && (Since is null || letter.FirstSeen >= Since)
        && (ImageId is null || ImageId == letter.ImageId);
}
