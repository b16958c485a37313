namespace PartsWorker.Bench.Sizing;

/// <summary>
/// The queue of a world while KEDA adds and removes workers, second by second. On paper: it follows the documented rules of the Horizontal
/// Pod Autoscaler for a queue length (AverageValue), and knows neither nodes that are full nor images that must be pulled first.
/// </summary>
internal sealed class ScaleUp(ScalePlan plan)
{
    // Defaults of Kubernetes: the interval of the autoscaler, its tolerance, and at most four pods or a doubling per interval.
    private const int Sync = 15;
    private const double Tolerance = 0.1;
    private const int PodsPerSync = 4;

    // The management API's counts are up to five seconds old.
    private const int MetricAge = 5;

    private readonly List<ScaleMoment> _moments = [];
    private readonly List<(int At, int Wanted)> _wanted = [];
    private readonly List<int> _readyAt = [.. Enumerable.Repeat(0, plan.MinWorkers)];
    private int _lastRemoval = int.MinValue;

    /// <summary>
    /// One moment per second, until the queue is empty and the fewest workers are left, or <see cref="ScalePlan.Limit"/>.
    /// </summary>
    public IReadOnlyList<ScaleMoment> Run()
    {
        var queue = 0.0;
        for (var second = 0; second <= plan.Limit; second++)
        {
            if (second % Sync == 0 && second > 0)
            {
                Scale(second);
            }

            var ready = _readyAt.Count(at => at <= second);
            var arriving = second < plan.BurstSeconds ? plan.ImagesPerSecond : plan.AfterPerSecond;
            queue = Math.Max(0, queue + arriving - (ready * plan.WorkerPerSecond));
            _moments.Add(new(second, queue, ready, _readyAt.Count));
            if (second >= plan.BurstSeconds && queue <= 0 && _readyAt.Count == plan.MinWorkers)
            {
                break;
            }
        }

        return _moments;
    }

    private void Scale(int second)
    {
        var queue = _moments[Math.Max(0, _moments.Count - MetricAge)].Queue;
        var now = _readyAt.Count;
        var ratio = queue / (plan.QueueLength * now);
        var wanted = Math.Abs(ratio - 1) <= Tolerance ? now : (int)Math.Ceiling(queue / plan.QueueLength);
        wanted = Math.Clamp(wanted, plan.MinWorkers, plan.MaxWorkers);
        _wanted.Add((second, wanted));
        if (wanted > now)
        {
            var added = Math.Min(wanted, Math.Max(now + PodsPerSync, now * 2)) - now;
            _readyAt.AddRange(Enumerable.Repeat(second + (int)Math.Ceiling(plan.StartSeconds), added));
            return;
        }

        // Scale down to the highest of the recommendations within the window, one pod at a time.
        var highest = _wanted.Where(past => past.At > second - plan.StabilizationSeconds).Max(past => past.Wanted);
        if (highest < now && (long)second - _lastRemoval >= plan.RemovalSeconds)
        {
            _readyAt.RemoveAt(now - 1);
            _lastRemoval = second;
        }
    }
}
