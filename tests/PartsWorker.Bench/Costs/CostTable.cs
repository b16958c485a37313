using PartsWorker.Bench.Suite;

namespace PartsWorker.Bench.Costs;

/// <summary>
/// What one image costs, measured on one machine. <c>partsbench costs</c> writes it, <c>partsbench plan</c> computes from it.
/// </summary>
internal sealed record CostTable
{
    /// <summary>Day of the measurement.</summary>
    public required DateOnly Measured { get; init; }

    public required MachineFigures Machine { get; init; }

    /// <summary>What else the reader must know, such as other load on the machine.</summary>
    public string? Note { get; init; }

    /// <summary>Measured with <c>--quick</c>: the figures only prove that the command works.</summary>
    public bool Quick { get; init; }

    /// <summary>Smallest first; the first size is the one that the other sections use.</summary>
    public required IReadOnlyList<PictureCost> Pictures { get; init; }

    public required IReadOnlyList<ModelCost> Models { get; init; }

    public required ServiceCost Services { get; init; }

    public required IReadOnlyList<WorkerCost> Workers { get; init; }

    public required IReadOnlyList<HalfLoadCost> Loads { get; init; }

    public required IReadOnlyList<BacklogCost> Backlogs { get; init; }

    /// <summary>Fewest rows first.</summary>
    public required IReadOnlyList<TableCost> Tables { get; init; }

    /// <summary>Runs that were predicted from the sections above before they were measured.</summary>
    public required IReadOnlyList<PointCost> Points { get; init; }
}

/// <summary>Synthetic JPEG files of one size.</summary>
/// <param name="Size">Name, such as 5MP.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="FileBytes">Mean length of a file.</param>
/// <param name="FetchCpuMs">From reference to bytes, from files in the page cache.</param>
internal sealed record PictureCost(string Size, int Width, int Height, double FileBytes, double FetchCpuMs)
{
    public double Megapixels => Width * (double)Height / 1e6;
}

/// <summary>One bundle in one precision on one device.</summary>
internal sealed record ModelCost
{
    /// <summary>Name in the commands, such as <c>real-int8</c>.</summary>
    public required string Name { get; init; }

    public required string Bundle { get; init; }

    public required string Precision { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Networks alone, in full batches as many at once as a worker runs.</summary>
    public required double CpuMs { get; init; }

    /// <summary>Networks alone, one image at a time: what a worker below its limit pays.</summary>
    public required double SingleCpuMs { get; init; }

    /// <summary>Networks alone with every core of the machine, or with its GPU.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Peak memory of a process that only holds the networks.</summary>
    public required double SessionsMb { get; init; }

    /// <summary>From the start of a worker until it is ready.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Memory that each loader of a worker needs for the largest pictures, beyond one that loads the smallest.</summary>
    public required double LoaderMb { get; init; }

    /// <summary>Decoding and shrinking by size of the picture, one thread per core.</summary>
    public required IReadOnlyDictionary<string, double> DecodeCpuMs { get; init; }
}

/// <summary>
/// A message of a worker without a model: reading the smallest file, pipeline, clients, broker and database. Broker and database are one
/// node each, without replicas.
/// </summary>
internal sealed record ServiceCost
{
    public required double WorkerCpuMs { get; init; }

    public required double PublishBrokerCpuMs { get; init; }

    public required double DeliverBrokerCpuMs { get; init; }

    public required double DatabaseCpuMs { get; init; }

    /// <summary>Share of a core that the broker uses without any messages.</summary>
    public required double IdleBrokerCores { get; init; }

    public required double IdleDatabaseCores { get; init; }

    /// <summary>Memory of a worker without a model.</summary>
    public required double WorkerMb { get; init; }

    /// <summary>Published and confirmed, one publisher and nothing else.</summary>
    public required double PublishPerSecond { get; init; }

    /// <summary>Delivered and acknowledged, one consumer of one queue and nothing else.</summary>
    public required double ConsumePerSecond { get; init; }

    /// <summary>Between publisher and broker, both directions.</summary>
    public required double PublishBytes { get; init; }

    /// <summary>Between broker and worker, both directions.</summary>
    public required double DeliverBytes { get; init; }

    /// <summary>Between worker and database, both directions.</summary>
    public required double StoreBytes { get; init; }
}

/// <summary>A full queue of the smallest pictures, drained by several worker processes that share this machine with the services.</summary>
internal sealed record WorkerCost(
    string Model, int Workers, double ImagesPerSecond, double WorkerCpuMs, double BrokerCpuMs, double DatabaseCpuMs, double PeakMb,
    double OtherCores);

/// <summary>A worker at half of its capacity: smaller batches, so that every side pays more per image. Publishing is included.</summary>
internal sealed record HalfLoadCost(
    string Model, double ImagesPerSecond, double WorkerCpuMs, double BrokerCpuMs, double DatabaseCpuMs,
    double P50Ms, double P95Ms, double P99Ms);

/// <summary>Messages that wait in one queue.</summary>
internal sealed record BacklogCost(long Messages, double PublishedPerSecond, double BrokerMb, double DiskBytes);

/// <summary>A database of so many rows.</summary>
/// <param name="Rows">Rows of <c>classifications</c>, over twelve months.</param>
/// <param name="RowsPerSecond">Stored by the worker's statement, 256 rows per transaction, two transactions at once.</param>
/// <param name="CpuMs">Database, per row.</param>
/// <param name="WalBytes">Write-ahead log per row, between checkpoints.</param>
/// <param name="WalBytesAfterCheckpoint">The same just after a checkpoint, when whole pages are logged.</param>
/// <param name="DiskBytes">Tables and indexes, per row.</param>
/// <param name="QueryMs">Time of the documented queries by their name.</param>
internal sealed record TableCost(
    long Rows, double RowsPerSecond, double CpuMs, double WalBytes, double WalBytesAfterCheckpoint, double DiskBytes,
    IReadOnlyDictionary<string, double> QueryMs);

/// <summary>One configuration, predicted and then measured: workers, broker and database on this machine, with a full queue.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Size">Size of the pictures.</param>
/// <param name="Workers">Processes on the same cores.</param>
/// <param name="PredictedCpuMs">Of the workers, per image.</param>
/// <param name="MeasuredCpuMs">Likewise.</param>
/// <param name="PredictedImagesPerSecond">With all cores of this machine.</param>
/// <param name="MeasuredImagesPerSecond">From commit to commit.</param>
/// <param name="OtherCores">Cores that everything else on this machine used meanwhile: the measured rate had to do without them.</param>
internal sealed record PointCost(
    string Model, string Size, int Workers, double PredictedCpuMs, double MeasuredCpuMs,
    double PredictedImagesPerSecond, double MeasuredImagesPerSecond, double OtherCores)
{
    public double CpuError => (PredictedCpuMs / MeasuredCpuMs) - 1;

    public double RateError => (PredictedImagesPerSecond / MeasuredImagesPerSecond) - 1;

    /// <summary>The error of the same prediction for the cores that everything else on the machine left over.</summary>
    public double RateErrorOnTheRest(int cores) =>
        (PredictedImagesPerSecond * (cores - OtherCores) / cores / MeasuredImagesPerSecond) - 1;
}
