namespace PartsWorker.Failures;

/// <summary>What may help: nothing, time, or somebody mending a dependency that every part needs.</summary>
internal enum Recovery
{
    /// <summary>Trying again gives the same answer; the part goes to the dead letters at once.</summary>
    Permanent,

    /// <summary>This part may succeed later: brief retry in process, then the delayed retry queues, then dead.</summary>
    Transient,

    /// <summary>Database or storage is down: intake pauses and no attempt is counted.</summary>
    DependencyDown,
}
