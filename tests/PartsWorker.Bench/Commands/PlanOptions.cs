using System.CommandLine;
using PartsWorker.Bench.Costs;
using PartsWorker.Bench.Sizing;
using PartsWorker.Harness;

namespace PartsWorker.Bench.Commands;

/// <summary>The options of <c>partsbench plan</c>.</summary>
internal sealed class PlanOptions
{
    private Option<double> Rate { get; } = new("--images-per-second") { Description = "0.001..1000000.", Required = true };

    private Option<string> Size { get; } = new("--size")
    {
        Description = "Size of the pictures: 0.3MP, 1.3MP, 5MP, 12MP, or megapixels in between.",
        Required = true,
    };

    private Option<string> Model { get; } = new("--model")
    {
        Description = "Name of a measured model, such as real-int8.",
        Required = true,
    };

    private Option<double> Utilization { get; } = new("--utilization")
    {
        Description = "Share of every resource that may be used, 0.05..1; the rest is for peaks, restarts and errors.",
        DefaultValueFactory = _ => 0.7,
    };

    private Option<int> WorkerCores { get; } = new("--worker-cores")
    {
        Description = "Cores of one worker process, 1..256.",
        DefaultValueFactory = _ => 4,
    };

    private Option<int?> Workers { get; } = new("--workers")
    {
        Description = "Number of worker processes, 1..10000. Default: as many as needed.",
    };

    private Option<double> CoreSpeed { get; } = new("--core-speed")
    {
        Description = "Speed of a core relative to the measured machine, 0.1..10.",
        DefaultValueFactory = _ => 1,
    };

    private Option<double> HoursPerDay { get; } = new("--hours-per-day")
    {
        Description = "Hours per day at this rate, 0.1..24.",
        DefaultValueFactory = _ => 24,
    };

    private Option<int> KeepDays { get; } = new("--keep-days")
    {
        Description = "Days that rows are kept, 1..36500; `partsworker retention` drops older ones.",
        DefaultValueFactory = _ => 400,
    };

    private Option<double> BacklogHours { get; } = new("--backlog-hours")
    {
        Description = "Hours that the queue must hold while workers or database are away, 0..720.",
        DefaultValueFactory = _ => 1,
    };

    private Option<double> Network { get; } = new("--network-gbit")
    {
        Description = "Bandwidth of the network of the image storage in Gbit/s, 0.01..1000.",
        DefaultValueFactory = _ => 10,
    };

    private Option<string?> Table { get; } = new("--costs") { Description = "Cost table. Default: deploy/sizing/costs.json." };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            Rate, Size, Model, Utilization, WorkerCores, Workers, CoreSpeed, HoursPerDay, KeepDays, BacklogHours, Network, Table,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    public string Costs(ParseResult given) => given.GetValue(Table) ?? DefaultCosts;

    public static string DefaultCosts => InRepository(CostFile.In(CostFile.DefaultFolder), "give --costs FILE");

    /// <exception cref="UserErrorException">The program does not run from a checkout; names the remedy.</exception>
    public static string InRepository(string path, string remedy)
    {
        try
        {
            return Path.Combine(Repository.Root, path);
        }
        catch (InvalidOperationException error)
        {
            throw new UserErrorException($"{path} exists only in a checkout of the repository: {remedy}", inner: error);
        }
    }

    public SizingRequest Read(ParseResult given) => new()
    {
        ImagesPerSecond = Within(given, Rate, 0.001, 1e6),
        Size = given.GetValue(Size)!,
        Model = given.GetValue(Model)!,
        Utilization = Within(given, Utilization, 0.05, 1),
        WorkerCores = Within(given, WorkerCores, 1, 256),
        Workers = given.GetValue(Workers) is { } number ? RunOptions.Within(Workers.Name, number, 1, 10_000) : null,
        CoreSpeed = Within(given, CoreSpeed, 0.1, 10),
        HoursPerDay = Within(given, HoursPerDay, 0.1, 24),
        KeepDays = Within(given, KeepDays, 1, 36_500),
        BacklogHours = Within(given, BacklogHours, 0, 720),
        NetworkGbit = Within(given, Network, 0.01, 1000),
    };

    private static T Within<T>(ParseResult given, Option<T> option, T low, T high)
        where T : IComparable<T> => RunOptions.Within(option.Name, given.GetValue(option)!, low, high);
}
