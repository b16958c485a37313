namespace PartsWorker.Client;

/// <summary>One step of the delayed retries: a fanout exchange and a queue of the same name.</summary>
/// <param name="Name">Name of both.</param>
/// <param name="Delay">How long a message waits there before it returns to its lane.</param>
public sealed record RetryStep(string Name, TimeSpan Delay);
