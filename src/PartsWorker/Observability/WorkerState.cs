using System.Collections.Concurrent;
using PartsWorker.Client;

namespace PartsWorker.Observability;

/// <summary>The state of the worker, for readiness and for the operator. Each open problem has the name of what it concerns.</summary>
internal sealed class WorkerState(TimeProvider time)
{
    /// <summary>Name of the database among the problems.</summary>
    public const string Database = "database";

    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal)
    {
        ["broker"] = "not connected yet",
        [Database] = "not checked yet",
        ["model"] = "not loaded yet",
    };

    private readonly ConcurrentDictionary<string, bool> _conflicts = new(StringComparer.Ordinal);
    private int _batchesInHand;
    private long _lastTick = time.GetTimestamp();

    /// <summary>Model key of the active model; null while none is active.</summary>
    public string? Model { get; private set; }

    public string? Device { get; private set; }

    public IReadOnlyDictionary<string, string> Problems => _problems;

    public bool IsReady => _problems.IsEmpty;

    /// <summary>Time since a stage loop last made progress; liveness depends on this and on nothing outside the process.</summary>
    public TimeSpan SinceTick => time.GetElapsedTime(Volatile.Read(ref _lastTick));

    /// <summary>Batches between the batch former and their commit; a pipeline without work is idle, not stuck.</summary>
    public bool Busy => Volatile.Read(ref _batchesInHand) > 0;

    public void BatchStarted() => Interlocked.Increment(ref _batchesInHand);

    public void BatchesEnded(int count)
    {
        Interlocked.Add(ref _batchesInHand, -count);
        Tick();
    }

    public void Tick() => Volatile.Write(ref _lastTick, time.GetTimestamp());

    public void BrokerConnected(Lane lane)
    {
        _conflicts.Clear();
        Solved(BrokerOf(lane));
    }

    public void BrokerLost(Lane lane, string reason) => Problem(BrokerOf(lane), reason);

    /// <summary>
    /// True for the first report of a conflict of queue arguments: both lanes meet it at every attempt to connect, and one line is enough.
    /// </summary>
    public bool IsNewConflict(string conflict) => _conflicts.TryAdd(conflict, true);

    /// <param name="reason">The broker's resource alarm, or null when no alarm is active.</param>
    public void BrokerBlocked(string? reason)
    {
        if (reason is null)
        {
            Solved("broker-alarm");
        }
        else
        {
            Problem("broker-alarm", reason);
        }
    }

    public void ModelActive(string key, string device)
    {
        Model = key;
        Device = device;
        Solved("model");
    }

    /// <param name="reason">The problem that readiness shows.</param>
    public void NoModelActive(string reason)
    {
        Model = null;
        Device = null;
        Problem("model", reason);
    }

    public void Problem(string about, string reason) => _problems[about] = reason.ReplaceLineEndings(" ");

    private static string BrokerOf(Lane lane) => lane == Lane.Live ? "broker" : "broker, reprocess lane";

    public void Solved(string about) => _problems.TryRemove(about, out _);
}
