namespace PartsWorker.Harness.Feeding;

/// <summary>
/// A message as bytes, valid or not. <see cref="Id"/> travels as message id and header, so that even a body that is no JSON is found again.
/// </summary>
internal record RawMessage(Guid Id, byte[] Body, string RoutingKey)
{
    public const string IdHeader = "x-bench-id";

    public string? ContentType { get; init; } = "application/json";

    public Dictionary<string, object?> Headers { get; init; } = [];
}
