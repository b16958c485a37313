using System.Diagnostics.Metrics;
using PartsWorker.Failures;

namespace PartsWorker.Observability;

/// <summary>Counters and histograms of the data path; names follow OpenTelemetry's messaging conventions where one exists.</summary>
internal sealed class PipelineMetrics : IDisposable
{
    public const string MeterName = "PartsWorker";

    // The exporter's own buckets are made for milliseconds; ours range from one inference to a night in the queue.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 28800],
    };

    private static readonly InstrumentAdvice<int> Parts = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _failed;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _stage;
    private readonly Histogram<double> _process;
    private readonly Histogram<double> _queueAge;
    private long _storedTotal;
    private long _retriedTotal;
    private long _deadTotal;

    public PipelineMetrics(WorkerState state)
    {
        _meter.CreateObservableGauge("parts.ready", () => state.IsReady ? 1 : 0, "{worker}", "1 while the worker is ready.");
        _meter.CreateObservableGauge(
            "parts.problems", () => Problems(state), "{problem}", "What keeps the worker from being ready, by name.");
        _meter.CreateObservableGauge(
            "parts.model.active", () => Active(state), "{model}", "1, with the active model and its device as attributes.");
        _consumed = _meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Deliveries taken from RabbitMQ.");
        _stored = _meter.CreateCounter<long>("parts.stored", "{part}", "Parts whose row is committed.");
        _failed = _meter.CreateCounter<long>("parts.failed", "{part}", "Parts sent to a retry queue or to the dead letters.");
        _batchSize = _meter.CreateHistogram<int>("parts.batch.size", "{part}", "Parts per run of the model.", tags: null, Parts);
        _stage = _meter.CreateHistogram<double>(
            "parts.stage.duration", "s", "Time a part or batch spends in a stage.", tags: null, Seconds);
        _process = _meter.CreateHistogram<double>(
            "messaging.process.duration", "s", "From delivery to committed row.", tags: null, Seconds);
        _queueAge = _meter.CreateHistogram<double>("parts.queue.age", "s", "From publish to delivery.", tags: null, Seconds);
    }

    /// <summary>Totals since the start: rows that are committed, and messages sent to a retry queue or to the dead letters.</summary>
    public (long Stored, long Retried, long Dead) Totals =>
        (Interlocked.Read(ref _storedTotal), Interlocked.Read(ref _retriedTotal), Interlocked.Read(ref _deadTotal));

    public void Consumed(string lane, TimeSpan? queueAge)
    {
        var tag = new KeyValuePair<string, object?>("parts.lane", lane);
        _consumed.Add(1, new KeyValuePair<string, object?>("messaging.system", "rabbitmq"), tag);
        if (queueAge is { } age)
        {
            _queueAge.Record(Math.Max(0, age.TotalSeconds), tag);
        }
    }

    public void BatchCut(int size, string reason, string model) =>
        _batchSize.Record(size, new("parts.cut", reason), new("parts.model", model));

    public void Stage(PipelineStage stage, TimeSpan duration) =>
        _stage.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("parts.stage", stage.ToTag()));

    public void Stored(string lane, string decision, TimeSpan sinceDelivery)
    {
        Interlocked.Increment(ref _storedTotal);
        _stored.Add(1, new("parts.lane", lane), new("parts.decision", decision));
        _process.Record(Math.Max(0, sinceDelivery.TotalSeconds), new("messaging.system", "rabbitmq"), new("parts.lane", lane));
    }

    public void Failed(string reason, string stage, string goesTo)
    {
        Interlocked.Increment(ref goesTo == "dead" ? ref _deadTotal : ref _retriedTotal);
        _failed.Add(1, new("parts.reason", reason), new("parts.stage", stage), new("parts.goes_to", goesTo));
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Problems(WorkerState state) =>
        state.Problems.Keys.Select(about => new Measurement<int>(1, new KeyValuePair<string, object?>("parts.problem", about)));

    private static Measurement<int>[] Active(WorkerState state) =>
        state.Model is null ? [] : [new(1, new("parts.model", state.Model), new("parts.device", state.Device))];
}
