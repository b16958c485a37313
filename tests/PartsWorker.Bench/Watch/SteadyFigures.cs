using PartsWorker.Bench.Measured;

namespace PartsWorker.Bench.Watch;

/// <summary>A part of a watched run: images per second, and processor milliseconds per image of each side.</summary>
/// <param name="ImagesPerSecond">From commit to commit.</param>
/// <param name="WorkerCpuMs">All workers.</param>
/// <param name="BrokerCpuMs">0 if it was not measured; likewise the others.</param>
/// <param name="DatabaseCpuMs">All sessions.</param>
/// <param name="OtherCores">Cores that everything else on this machine used meanwhile.</param>
internal sealed record SteadyFigures(
    double ImagesPerSecond, double WorkerCpuMs, double BrokerCpuMs, double DatabaseCpuMs, double OtherCores)
{
    /// <summary>
    /// From the first look that saw a fifth of the messages stored to the last look. A run that stored all of them between two looks has no
    /// such part: then the figures cover all looks, and the start of the workers with them.
    /// </summary>
    /// <param name="looks">In order.</param>
    /// <param name="messages">Messages of the run.</param>
    /// <param name="readyMs">When all workers were ready, in milliseconds of the clock of the marks.</param>
    public static SteadyFigures Between(IReadOnlyList<WatchLook> looks, long messages, double readyMs)
    {
        var last = looks[^1];
        var first = looks.FirstOrDefault(look => look.Rows >= messages / 5 && look.Rows < last.Rows) ?? looks[0];
        var images = Math.Max(1, last.Rows - first.Rows);
        var used = (last.Times - first.Times) / images;
        var workers = (last.Marks.Sum(m => m.CpuMs) - first.Marks.Sum(m => m.CpuMs)) / images;
        var from = Math.Max(readyMs, first.Marks.Max(m => m.AtMs));
        var perImage = Math.Max(1, last.Marks.Max(m => m.AtMs) - from) / images;
        var (broker, database) = (used.Broker.TotalMilliseconds, used.Database.TotalMilliseconds);
        var others = Math.Max(0, used.Machine.TotalMilliseconds - workers - broker - database) / perImage;
        return new(1000 / perImage, workers, broker, database, others);
    }
}

/// <summary>What one look at a watched run saw.</summary>
/// <param name="Rows">Rows stored so far.</param>
/// <param name="Marks">One per worker.</param>
/// <param name="Times">Processor time of the services and of the machine until then.</param>
internal sealed record WatchLook(long Rows, BenchMark[] Marks, ServiceTimes Times);
