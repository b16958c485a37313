namespace PartsWorker.Registry;

/// <summary>One row of <c>models</c>, and what it is doing now.</summary>
internal sealed record RegisteredModel(string Key, string BundleSha256, DateTimeOffset? Created, DateTimeOffset Registered, string MetricsJson, string State);
