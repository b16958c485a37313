using System.Text.Json;
using PartsWorker.Commands;
using PartsWorker.Hosting;

namespace PartsWorker.Tests.Bench;

public sealed class MeasuredRuntimeTests
{
    [Fact]
    public void The_measured_process_runs_on_the_same_runtime_settings_as_the_worker()
    {
        var settings = RuntimeSettings("partsworker");
        Assert.Contains("System.GC.Gen0MaxBudget", settings, StringComparison.Ordinal);
        Assert.Equal(settings, RuntimeSettings("partsbench"));
    }

    [Fact]
    public void The_worker_itself_has_no_command_for_measuring()
    {
        var commands = CommandLine.Create(new([], WorkerSections.Keys)).Subcommands;
        Assert.Contains(commands, command => command.Name == "run");
        Assert.DoesNotContain(commands, command => command.Name.Contains("bench", StringComparison.Ordinal));
    }

    private static string RuntimeSettings(string program)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, $"{program}.runtimeconfig.json")));
        return json.RootElement.GetProperty("runtimeOptions").GetRawText().Replace(program, "program", StringComparison.Ordinal);
    }
}
