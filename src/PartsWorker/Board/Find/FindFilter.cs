namespace PartsWorker.Board.Find;

/// <summary>What the page Find and the export look for; null means any. The URL is its only form: see <see cref="FindUrl"/>.</summary>
public sealed record FindFilter
{
    /// <summary>A window that moves with the clock; excludes <see cref="From"/> and <see cref="To"/>.</summary>
    public FindTime? Time { get; init; }

    /// <summary>First captured_at.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of captured_at, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    public string? Line { get; init; }

    public string? Camera { get; init; }

    public string? Class { get; init; }

    public string? Color { get; init; }

    public string? Shape { get; init; }

    /// <summary><c>accepted</c> or <c>unknown</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>A value of classifications.doubt, or <c>any</c>.</summary>
    public string? Doubt { get; init; }

    /// <summary>Class of the newest review; <c>*</c> = any review, <c>-</c> = a review that says none of the known classes.</summary>
    public string? Reviewed { get; init; }

    /// <summary>Lowest confidence, 0 to 1.</summary>
    public float? MinConfidence { get; init; }

    /// <summary>Highest confidence, 0 to 1.</summary>
    public float? MaxConfidence { get; init; }

    /// <summary>Rows of this model, shadow rows included; null = the row that counts now, from latest_classification.</summary>
    public string? Model { get; init; }

    /// <summary>An entry of images.attributes.</summary>
    public (string Key, string Value)? Attribute { get; init; }

    public Guid? ImageId { get; init; }

    /// <summary>Only what comes after this image, in the order of the page.</summary>
    public FindKey? Before { get; init; }

    /// <summary>The window of captured_at at this moment; null = open.</summary>
    public (DateTimeOffset? From, DateTimeOffset? To) Window(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return Time switch
        {
            FindTime.LastHour => (now.AddHours(-1), null),
            FindTime.Today => (today, null),
            FindTime.Yesterday => (today.AddDays(-1), today),
            FindTime.SevenDays => (now.AddDays(-7), null),
            _ => (From, To),
        };
    }
}

/// <summary>Quick choices of time; days are UTC days, as everywhere in the database.</summary>
public enum FindTime
{
    LastHour,
    Today,
    Yesterday,
    SevenDays,
}

/// <summary>The place of one image in the order of the page.</summary>
public sealed record FindKey(DateTimeOffset CapturedAt, Guid ImageId);
