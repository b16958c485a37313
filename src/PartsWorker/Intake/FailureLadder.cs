using PartsWorker.Client;
using PartsWorker.Failures;

namespace PartsWorker.Intake;

/// <summary>Decides where a failed message goes next.</summary>
internal static class FailureLadder
{
    /// <returns>The retry queue and the attempts to write into the headers; null means dead letters.</returns>
    public static (RetryStep? Wait, int Attempts) Next(PartFailureException failure, int attempts, IReadOnlyList<RetryStep> steps) =>
        failure.Recovery switch
        {
            // The dependency failed, not the part: it waits, and the attempt is not counted.
            Recovery.WithDependency => (steps[Math.Min(attempts, steps.Count - 1)], attempts),
            Recovery.Transient when attempts < steps.Count => (steps[attempts], attempts + 1),
            _ => (null, attempts + 1),
        };
}
