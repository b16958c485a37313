using System.Diagnostics;
using PartsWorker.Results;

namespace PartsWorker.Bench.Measured;

/// <summary>
/// Wraps the sink of a measured worker and records each commit: the number of rows, the time, the cost so far, and the age of the rows.
/// </summary>
internal sealed class CommitClock(IResultSink sink, TimeProvider time) : IResultSink
{
    private readonly Lock _lock = new();

    // Null until a latency is requested: a soak never requests any, and a million of them would count as growth of the worker's memory.
    private List<float>? _latencies;
    private BenchMark _last = new();

    public async Task<IReadOnlyList<RowFailure>> WriteAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        var refused = await sink.WriteAsync(rows, cancellationToken);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            _latencies?.AddRange(rows.Select(row => (float)(now - row.CapturedAt).TotalMilliseconds));
            _last = new BenchMark
            {
                Stored = _last.Stored + rows.Count - refused.Count,
                AtMs = Stopwatch.GetTimestamp() * 1000.0 / Stopwatch.Frequency,
                CpuMs = Environment.CpuUsage.TotalTime.TotalMilliseconds,
                AllocatedBytes = GC.GetTotalAllocatedBytes(),
                Gen2Collections = GC.CollectionCount(2),
                HeapMb = GC.GetGCMemoryInfo().TotalCommittedBytes / (1024.0 * 1024),
            };
        }

        return refused;
    }

    /// <param name="takeLatencies">
    /// Also return the latencies of the rows since they were last taken; the first request starts recording.
    /// </param>
    public BenchMark Read(bool takeLatencies)
    {
        lock (_lock)
        {
            if (!takeLatencies)
            {
                return _last;
            }

            var latency = LatencyFigures.Of([.. _latencies ?? []]);
            _latencies = [];
            return _last with { Latency = latency };
        }
    }
}
