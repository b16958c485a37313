namespace PartsWorker.Registry;

/// <summary>One row of <c>models</c>, and its present state: <c>active</c>, <c>shadow of 10.0%</c>, <c>previous</c> or empty.</summary>
internal sealed record RegisteredModel(
    string Key, string BundleSha256, DateTimeOffset? Created, DateTimeOffset Registered, string MetricsJson, string State);
