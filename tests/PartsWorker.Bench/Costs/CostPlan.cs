using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.References;

namespace PartsWorker.Bench.Costs;

/// <summary>What <c>partsbench costs</c> measures, and for how long.</summary>
internal sealed record CostPlan
{
    /// <summary>The name of the worker without a model.</summary>
    public const string NoModel = "none";

    /// <summary>Sizes of cameras on a line: VGA, and 1.3, 5 and 12 megapixels.</summary>
    private static readonly PictureSize[] AllSizes =
        [new("0.3MP", 640, 480, 100), new("1.3MP", 1280, 1024, 40), new("5MP", 2448, 2048, 16), new("12MP", 4000, 3000, 8)];

    /// <summary>Bundle folder by the name it has in the table, cheapest first.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Bundles { get; init; }

    /// <summary>Folder for the synthetic pictures.</summary>
    public required string Images { get; init; }

    /// <summary>A run of about a minute that only proves that everything can be measured.</summary>
    public bool Quick { get; init; }

    /// <summary>Also a backlog of a million messages.</summary>
    public bool LongBacklog { get; init; }

    /// <summary>Also a table of ten million rows.</summary>
    public bool LargeTable { get; init; }

    public required InferenceOptions Inference { get; init; }

    public required DecodeLimits Limits { get; init; }

    public required DecoderChoice Decoder { get; init; }

    /// <summary>How the pictures are read.</summary>
    public required ImageOptions Reading { get; init; }

    /// <summary>Pictures that a worker loads at the same time.</summary>
    public required int Loaders { get; init; }

    /// <summary>The user's settings for the workers.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>Receives the progress lines for the console.</summary>
    public Action<string> Report { get; init; } = _ => { };

    public IReadOnlyList<PictureSize> Sizes =>
        Quick ? [.. AllSizes.Take(2).Select(size => size with { Count = 3 })] : AllSizes;

    /// <summary>Length of one measurement inside a process.</summary>
    public TimeSpan Window => TimeSpan.FromSeconds(Quick ? 0.3 : 2);

    /// <summary>Length of a run of whole workers.</summary>
    public TimeSpan Run => TimeSpan.FromSeconds(Quick ? 2 : 10);

    // Several times the 2000 messages that a worker prefetches: a shorter queue is delivered before the part that is measured.
    public IReadOnlyList<long> Backlogs =>
        Quick ? [1000, 10_000] : LongBacklog ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];

    public IReadOnlyList<int> Workers => Quick ? [1] : [1, 2, 4];

    public IReadOnlyList<long> TableRows => Quick ? [1200] : LargeTable ? [100_000, 1_000_000, 10_000_000] : [100_000, 1_000_000];

    /// <summary>Messages for one run of consuming alone.</summary>
    public int ConsumedMessages => Quick ? 1000 : 50_000;
}

/// <summary>A size of pictures and the number of files that a run uses.</summary>
internal sealed record PictureSize(string Name, int Width, int Height, int Count)
{
    public ImageSize Pixels => new(Width, Height);
}

/// <summary>One bundle in one precision.</summary>
internal sealed record CostedModel(string Name, string Folder, PrecisionSetting Precision)
{
    /// <summary>The given settings with this precision.</summary>
    public InferenceOptions On(InferenceOptions options) => options.In(Precision);
}
