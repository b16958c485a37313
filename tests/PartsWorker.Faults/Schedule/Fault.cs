namespace PartsWorker.Faults.Schedule;

/// <summary>Everything that can fail.</summary>
internal enum FaultKind
{
    WorkerKilled,
    BrokerRestarted,
    DatabaseRestarted,
    ConnectionsCut,
    HalfOpen,
    SlowNetwork,
    StorageErrors,
    StorageSilent,
    StorageSlow,
    DatabaseDiskFull,
    BrokerDiskLow,
}

/// <param name="At">Rows stored when it happens.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Target">Which worker, or which service (even: broker, odd: database).</param>
/// <param name="Hard">SIGKILL of a service instead of a clean restart.</param>
internal sealed record Fault(int At, FaultKind Kind, int Target, bool Hard);
