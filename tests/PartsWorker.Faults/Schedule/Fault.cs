namespace PartsWorker.Faults.Schedule;

/// <summary>The kinds of faults.</summary>
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

/// <param name="At">Number of stored rows at which the fault is injected.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Target">Which worker, or which service (even: broker, odd: database).</param>
/// <param name="Hard">SIGKILL of a service instead of a clean restart.</param>
internal sealed record Fault(int At, FaultKind Kind, int Target, bool Hard);
