using PartsWorker.Bench.Measured;

namespace PartsWorker.Bench.Suite;

/// <summary>Starts the measured processes with the settings that each kind needs.</summary>
internal sealed class Subjects(IReadOnlyList<string> images, BenchWorld? world, IReadOnlyList<string> overrides)
{
    public Task<WorkerChild> BareAsync(string bundle, CancellationToken cancellation) =>
        StartAsync(["--bare", bundle], new Dictionary<string, string>(), cancellation);

    /// <summary>The pipeline between an intake and a sink in memory.</summary>
    public Task<WorkerChild> PipelineAsync(string bundle, CancellationToken cancellation)
    {
        var settings = Worker(bundle);
        // The worker checks both addresses at start. It connects to neither.
        settings["ConnectionStrings:RabbitMq"] = "amqp://unused";
        settings["ConnectionStrings:Postgres"] = "Host=unused";
        return StartAsync(["--memory"], settings, cancellation);
    }

    public Task<WorkerChild> WorkerAsync(string bundle, CancellationToken cancellation) => StartAsync([], Worker(bundle), cancellation);

    /// <summary>The worker with its result events switched on or off.</summary>
    public Task<WorkerChild> WorkerAsync(string bundle, bool publish, CancellationToken cancellation)
    {
        var settings = Worker(bundle);
        settings["Results:Publish"] = publish ? "true" : "false";
        return StartAsync([], settings, cancellation);
    }

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

    // The measured worker gets the user's settings (threads, batch sizes ...); the bench's own settings come last and take precedence.
    private Task<WorkerChild> StartAsync(
        IReadOnlyList<string> words, Dictionary<string, string> settings, CancellationToken cancellation) =>
        WorkerChild.StartAsync([.. words, .. overrides], settings, cancellation);
}
