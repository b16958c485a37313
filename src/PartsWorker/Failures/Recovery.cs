namespace PartsWorker.Failures;

/// <summary>What can make a failed part succeed: nothing, time, or the return of a dependency that every part needs.</summary>
internal enum Recovery
{
    /// <summary>Trying again gives the same answer; the part goes to the dead letters immediately.</summary>
    Permanent,

    /// <summary>This part may succeed later: brief retries in process, then the retry queues, then the dead letters.</summary>
    Transient,

    /// <summary>The part recovers with its dependency, the database or the storage: the intake pauses and no attempt is counted.</summary>
    WithDependency,
}
