namespace PartsWorker.Bench.Ceilings;

/// <summary>Finds the quickest load of the bare model in two heats; in both, loads run in turn, so that a slow moment of the machine does not fall on one of them.</summary>
/// <param name="run">Runs a load for that long.</param>
internal sealed class ModelContest(Func<ModelLoad, TimeSpan, Rate> run)
{
    /// <summary>Of the first heat. The most of many short looks is often the luckiest, not the quickest: hence a second heat.</summary>
    public const int Rounds = 3;

    /// <summary>Loads of the second heat, which are looked at as long as the worker is.</summary>
    public const int Finalists = 4;

    private readonly Dictionary<ModelLoad, Rate> _rates = [];

    /// <summary>Median rate of each load, in the last heat it was in.</summary>
    public IReadOnlyDictionary<ModelLoad, Rate> Rates => _rates;

    /// <summary>The quickest of the second heat.</summary>
    public ModelLoad Best { get; private set; }

    /// <summary>The quickest way to run one image at a time.</summary>
    public ModelLoad Single { get; private set; }

    public void Run(IEnumerable<ModelLoad> loads, int windows, TimeSpan window)
    {
        ModelLoad[] all = [.. loads];
        Heat(all, Rounds, window / Rounds);
        ModelLoad[] finalists = [.. Quickest(all).Take(Finalists)];
        Heat(finalists, windows, window);
        Best = Quickest(finalists).First();
        Single = Quickest(all.Where(load => load is { Batch: 1, AtOnce: 1 })).First();
    }

    private void Heat(ModelLoad[] loads, int rounds, TimeSpan window)
    {
        var looks = Enumerable.Range(0, rounds).SelectMany(_ => loads).Select(load => (load, rate: run(load, window))).ToLookup(l => l.load, l => l.rate);
        foreach (var load in loads)
        {
            _rates[load] = Rate.Median([.. looks[load]]);
        }
    }

    private IEnumerable<ModelLoad> Quickest(IEnumerable<ModelLoad> loads) => loads.OrderByDescending(load => _rates[load].ImagesPerSecond);
}
