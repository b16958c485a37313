namespace PartsWorker.Faults.Load;

/// <summary>One message of a run. <see cref="Id"/> travels as message id and header, so that even a body that is no JSON is found again.</summary>
internal sealed record PlannedMessage(Guid Id, byte[] Body, string RoutingKey, Expectation Expected)
{
    public const string IdHeader = "x-bench-id";

    /// <summary>The image id a row will carry; null when the body names none.</summary>
    public Guid? ImageId { get; init; }

    public string? ContentType { get; init; } = "application/json";

    public Dictionary<string, object?> Headers { get; init; } = [];
}
