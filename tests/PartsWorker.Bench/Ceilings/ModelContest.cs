namespace PartsWorker.Bench.Ceilings;

/// <summary>
/// Finds the fastest load of the bare model in two heats. In both, the loads alternate, so that a slow moment of the machine affects all of
/// them.
/// </summary>
/// <param name="run">Runs a load for the given time.</param>
internal sealed class ModelContest(Func<ModelLoad, TimeSpan, Rate> run)
{
    /// <summary>Rounds of the first heat. The best of many short measurements is often lucky, not fast; hence a second heat.</summary>
    public const int Rounds = 3;

    /// <summary>Loads of the second heat, each measured for as long as the worker.</summary>
    public const int Finalists = 4;

    private readonly Dictionary<ModelLoad, Rate> _rates = [];

    /// <summary>Median rate of each load, in its last heat.</summary>
    public IReadOnlyDictionary<ModelLoad, Rate> Rates => _rates;

    /// <summary>The fastest of the second heat.</summary>
    public ModelLoad Best { get; private set; }

    /// <summary>The fastest way to run one image at a time.</summary>
    public ModelLoad Single { get; private set; }

    public void Run(IEnumerable<ModelLoad> loads, int windows, TimeSpan window)
    {
        ModelLoad[] all = [.. loads];
        Heat(all, Rounds, window / Rounds);
        ModelLoad[] finalists = [.. Fastest(all).Take(Finalists)];
        Heat(finalists, windows, window);
        Best = Fastest(finalists).First();
        Single = Fastest(all.Where(load => load is { Batch: 1, AtOnce: 1 })).First();
    }

    private void Heat(ModelLoad[] loads, int rounds, TimeSpan window)
    {
        var rates = Enumerable.Range(0, rounds)
            .SelectMany(_ => loads)
            .Select(load => (Load: load, Rate: run(load, window)))
            .ToLookup(measured => measured.Load, measured => measured.Rate);
        foreach (var load in loads)
        {
            _rates[load] = Rate.Median([.. rates[load]]);
        }
    }

    private IEnumerable<ModelLoad> Fastest(IEnumerable<ModelLoad> loads) =>
        loads.OrderByDescending(load => _rates[load].ImagesPerSecond);
}
