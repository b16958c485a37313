namespace PartsWorker.Client;

/// <param name="Name">The exchange; durable, never deleted automatically.</param>
/// <param name="Type"><c>topic</c> or <c>fanout</c>.</param>
internal sealed record NeededExchange(string Name, string Type);

/// <param name="Name">The queue; durable, not exclusive, never deleted automatically.</param>
/// <param name="Exchange">Exchange that it is bound to.</param>
/// <param name="BindingKey">Routing key of the binding; empty for a fanout exchange.</param>
/// <param name="Arguments">Arguments of the declaration.</param>
internal sealed record NeededQueue(string Name, string Exchange, string BindingKey, Dictionary<string, object?> Arguments);
