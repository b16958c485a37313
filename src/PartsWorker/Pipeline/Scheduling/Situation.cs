namespace PartsWorker.Pipeline.Scheduling;

/// <summary>Everything <see cref="CutPolicy"/> knows when it decides about the batch that is being formed.</summary>
internal readonly record struct Situation
{
    /// <summary>The device takes one more batch of this model.</summary>
    public required bool HasRoom { get; init; }

    /// <summary>The device runs no batch.</summary>
    public required bool DeviceIdle { get; init; }

    /// <summary>Most parts of the batch.</summary>
    public required int Capacity { get; init; }

    /// <summary>Live parts in the batch. 0: only reprocessed parts are loaded.</summary>
    public required int Live { get; init; }

    /// <summary>Reprocessed parts that are loaded and wait to join at the cut; 0 if the first one belongs to another model.</summary>
    public required int Reprocess { get; init; }

    /// <summary>Messages of the live lane that wait for a loader.</summary>
    public required int LiveMessages { get; init; }

    /// <summary>Messages of the reprocess lane that wait for a loader.</summary>
    public required int ReprocessMessages { get; init; }

    /// <summary>The next live part belongs to another model and cannot join.</summary>
    public required bool OtherModelNext { get; init; }

    /// <summary>Since the former began this batch.</summary>
    public required TimeSpan Waited { get; init; }

    /// <summary>The share of the device that reprocessed parts may use.</summary>
    public required ReprocessFacts Share { get; init; }
}

/// <summary>Measurements of the reprocess lane and of the live parts that it may have to yield to.</summary>
/// <param name="MostParts">Most reprocessed parts of one run, at least 1.</param>
/// <param name="LastRun">How long the last run of reprocessed parts alone took, on a device that rests after one; otherwise zero.</param>
/// <param name="SinceRun">Since that run ended.</param>
/// <param name="SinceLive">Since a live message or part last entered; the largest value when none has.</param>
/// <param name="LiveOnTheWay">A live message or part is being loaded, classified or stored.</param>
internal readonly record struct ReprocessFacts(
    int MostParts, TimeSpan LastRun, TimeSpan SinceRun, TimeSpan SinceLive, bool LiveOnTheWay);
