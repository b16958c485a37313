namespace PartsWorker.Bench.Sizing;

/// <summary>A calculated burst as text: one line per minute.</summary>
internal static class ScaleText
{
    private const int LineEvery = 60;

    public static string Of(ScalePlan plan, IReadOnlyList<ScaleMoment> moments)
    {
        var longest = moments.MaxBy(moment => moment.Queue)!;
        var empty = moments.FirstOrDefault(moment => moment.Second > longest.Second && moment.Queue <= 0);
        var lines = moments.Where(moment => moment.Second % LineEvery == 0)
            .Select(m => $"  {m.Second,6} s  {m.Queue,9:0} messages  {m.Ready,4} of {m.Workers} workers");
        return $"{plan.ImagesPerSecond:0.#} images/s for {plan.BurstSeconds} s; a worker takes {plan.WorkerPerSecond:0.0} images/s, "
            + $"{plan.StartSeconds:0.0} s after it is asked for\n"
            + string.Join('\n', lines)
            + $"\nlongest queue {longest.Queue:0} after {longest.Second} s; "
            + (empty is null ? "it does not empty: allow more workers\n" : $"empty after {empty.Second} s\n");
    }
}
