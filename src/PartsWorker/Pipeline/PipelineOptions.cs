using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Pipeline;

/// <summary>Section <c>Pipeline</c>: how many parts each stage holds at the same time.</summary>
internal sealed class PipelineOptions
{
    public const string Section = "Pipeline";

    /// <summary>Most parts in one run of the model.
    /// <value>1..512, default 32: beyond that a CPU gains nothing and a GPU little.</value></summary>
    [Range(1, 512)]
    public int MaxBatch { get; init; } = 32;

    /// <summary>Longest wait for more parts while the device is busy but could take a second batch.
    /// <value>0..5 s, default 10 ms: about one fetch and decode.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Longest wait of an idle device for a batch to fill while messages wait to be loaded; while none waits it does not wait.
    /// <value>0..5 s, default 50 ms: two cores decode a batch of small images in it; messages in the queue wait longer.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan Fill { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a run of the model may take for reprocessed parts, which is the longest a live part may wait for them.
    /// <value>0..5 s, default 10 ms: on a CPU runs of one part or two, at no cost; a GPU takes a full batch in less.</value></summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan LiveWait { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Images fetched and decoded at the same time, per lane. <value>0..256, default 0 = one per core, at least 2 and at most 16;
    /// each may hold one encoded image (Images:MaxBytes) and one decode (see the limits in the README).</value></summary>
    [Range(0, 256)]
    public int LoadConcurrency { get; init; }

    /// <summary>Batches in the model at the same time. <value>0..4, default 0 = as many as speed the model up: 2 on CUDA, where the copy of
    /// one hides behind the other, and on a CPU, where each has half the cores; 1 for a model so fast that decoding needs
    /// them.</value></summary>
    [Range(0, 4)]
    public int InFlight { get; init; }

    /// <summary>Database transactions at the same time. <value>1..8, default 1: while one commits the next fills, and a few large ones cost
    /// both sides less; more of them pay off where a commit takes tens of milliseconds.</value></summary>
    [Range(1, 8)]
    public int StoreConcurrency { get; init; } = 1;

    /// <summary>Most rows in one transaction. <value>1..4096, default 256: batches that wait are written together.</value></summary>
    [Range(1, 4096)]
    public int StoreRows { get; init; } = 256;

    /// <summary>Unacknowledged messages held per lane. <value>0..2000, default 0 = one per loader and ten batches: as many as one
    /// transaction stores while the next ones load (without a model five gave 11,450 images/s, ten 12,798); the broker keeps the backlog.
    /// </value></summary>
    [Range(0, 2000)]
    public int Prefetch { get; init; }

    /// <summary>Time from SIGTERM to the end; three quarters of it finish the parts in progress. <value>1 s..10 min, default 25 s: less
    /// than the 30 s that Kubernetes and systemd grant by default.</value></summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Loops that run batches: as many as any model may have in flight; the active model decides how many are used.</summary>
    internal int MostInFlight => InFlight > 0 ? InFlight : 2;

    internal int Loaders => LoadConcurrency > 0 ? LoadConcurrency : Math.Clamp(Environment.ProcessorCount, 2, 16);

    internal int PrefetchOrDefault => Prefetch > 0 ? Prefetch : Math.Min(2000, Loaders + (10 * MaxBatch));
}
