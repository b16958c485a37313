using PartsWorker.Bench.Measured;

namespace PartsWorker.Bench.Suite;

/// <summary>Starts the processes that are measured, with the settings each kind needs.</summary>
internal sealed class Subjects(IReadOnlyList<string> images, BenchWorld? world, IReadOnlyList<string> overrides)
{
    public Task<WorkerChild> BareAsync(string bundle, CancellationToken cancellation) =>
        StartAsync(["--bare", bundle], new Dictionary<string, string>(), cancellation);

    /// <summary>The pipeline between an intake and a sink in memory.</summary>
    public Task<WorkerChild> PipelineAsync(string bundle, CancellationToken cancellation) => StartAsync(["--memory"], Worker(bundle), cancellation);

    public Task<WorkerChild> WorkerAsync(string bundle, CancellationToken cancellation) => StartAsync([], Worker(bundle), cancellation);

    /// <summary>The worker with the stand-in for a model.</summary>
    public Task<WorkerChild> NoneAsync(CancellationToken cancellation) => StartAsync(["--none"], Worker(bundle: null), cancellation);

    private Dictionary<string, string> Worker(string? bundle)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Model:Follow"] = "false",
            ["Images:Roots:0"] = Path.GetDirectoryName(images[0])!,
            ["Logging:LogLevel:Default"] = "Error",
        };
        if (bundle is not null)
        {
            settings["Model:Bundle"] = bundle;
        }

        if (world is not null)
        {
            settings["ConnectionStrings:Postgres"] = world.Database;
            settings["Rabbit:Prefix"] = world.Rabbit.Prefix;
        }

        return settings;
    }

    // What the user set for a worker (threads, batch sizes ...) is set for the measured one; the bench's own settings come last and win.
    private Task<WorkerChild> StartAsync(IReadOnlyList<string> words, Dictionary<string, string> settings, CancellationToken cancellation) =>
        WorkerChild.StartAsync([.. words, .. overrides], settings, cancellation);
}
