using PartsWorker.Bench.Measured;

namespace PartsWorker.Bench.Suite;

/// <summary>What result events cost, and how soon they arrive.</summary>
/// <param name="Without">Images per second without events, by window.</param>
/// <param name="With">Images per second with events that no queue takes, by window.</param>
/// <param name="Subscribed">Images per second with events and one subscriber on the same machine, by window.</param>
/// <param name="OverWithout">Median of <paramref name="With"/> over <paramref name="Without"/>.</param>
/// <param name="SubscribedOverWithout">Median of <paramref name="Subscribed"/> over <paramref name="Without"/>.</param>
/// <param name="LoadPerSecond">Images per second while latencies were measured: half of the median with a subscriber.</param>
/// <param name="Latency">From the commit of a row, by the server's clock, to the arrival of its event.</param>
internal sealed record ResultsFigures(
    IReadOnlyList<double> Without, IReadOnlyList<double> With, IReadOnlyList<double> Subscribed,
    double OverWithout, double SubscribedOverWithout, double LoadPerSecond, LatencyFigures Latency);
