namespace PartsWorker.Harness.Load;

/// <summary>
/// A message as bytes, valid or not. <see cref="Id"/> is sent as message id and as header, so that even a body that is not
/// JSON can be identified.
/// </summary>
internal record RawMessage(Guid Id, byte[] Body, string RoutingKey)
{
    public const string IdHeader = "x-bench-id";

    public string? ContentType { get; init; } = "application/json";

    public Dictionary<string, object?> Headers { get; init; } = [];
}
