namespace PartsWorker.Client;

/// <summary>One rung of the delayed retry ladder: a fanout exchange and a queue of the same name that gives back after <paramref name="Delay"/>.</summary>
public sealed record RetryStep(string Name, TimeSpan Delay);
