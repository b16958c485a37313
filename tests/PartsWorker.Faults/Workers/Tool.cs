using PartsWorker.Harness.Processes;

namespace PartsWorker.Faults.Workers;

/// <summary>Runs commands of <c>partsworker</c>, connected directly to the services and not through the proxies.</summary>
internal sealed class Tool(Runs.Bench bench, string modelRoot, string folder, int reprocessAhead = 1000)
{
    private readonly (string Name, string Value)[] _settings =
    [
        ("ConnectionStrings__RabbitMq", bench.Services.RabbitMq),
        ("ConnectionStrings__Postgres", bench.Services.Postgres),
        ("Model__Root", modelRoot),
        ("Inference__Device", "cpu"),
        ("Reprocess__MaxOutstanding", $"{reprocessAhead}"),
        ("Reprocess__PageSize", "50"),
    ];

    private string Log => Path.Combine(folder, "commands.log");

    public ChildProcess Start(params string[] arguments)
    {
        var launch = Launch.Worker(arguments) with { Environment = _settings, LogFile = Log };
        return launch.Start();
    }

    public async Task RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        await SucceededAsync(process, string.Join(' ', arguments));
    }

    public async Task SucceededAsync(ChildProcess process, string what)
    {
        if (await process.ExitAsync(TimeSpan.FromMinutes(15)) is var code and not 0)
        {
            throw new InvalidOperationException(
                $"partsworker {what} exited with code {code}: {File.ReadLines(Log).LastOrDefault()}; see {Log}");
        }
    }
}
