using PartsWorker.Bench.Costs;
using PartsWorker.Bench.Suite;

namespace PartsWorker.Tests.Bench.Costs;

/// <summary>A cost table of round figures, as if it had been measured.</summary>
internal static class SomeCosts
{
    public static CostTable Table() => new()
    {
        Measured = new DateOnly(2026, 11, 29),
        Machine = new MachineFigures("some processor", 2, 24, "some system", ".NET"),
        Note = "made up",
        Pictures = [new("0.3MP", 640, 480, 65_000, 0.05), new("5MP", 2448, 2048, 1_000_000, 0.25)],
        Models = [Model("real", "cpu", 20), Model("real-int8", "cpu", 8), Model("real-gpu", "cuda:0", 0.5)],
        Services = new()
        {
            WorkerCpuMs = 0.15,
            PublishBrokerCpuMs = 0.1,
            DeliverBrokerCpuMs = 0.05,
            DatabaseCpuMs = 0.07,
            IdleBrokerCores = 0.01,
            IdleDatabaseCores = 0.01,
            WorkerMb = 100,
            PublishPerSecond = 10_000,
            ConsumePerSecond = 40_000,
            PublishBytes = 500,
            DeliverBytes = 500,
            StoreBytes = 700,
        },
        Workers = [new("none", 1, 8000, 0.15, 0.05, 0.07, 100, 0), new("real", 1, 95, 20, 0.05, 0.07, 560, 0)],
        Loads = [new("none", 4000, 0.2, 0.2, 0.1, 3, 5, 9), new("real-int8", 60, 9, 0.5, 0.4, 20, 40, 50)],
        Backlogs = [new(10_000, 9000, 150, 800), new(100_000, 10_000, 250, 760)],
        Tables = [Rows(100_000, 20_000), Rows(1_000_000, 12_000)],
        Points = [new("real", "5MP", 2, 44, 40, 45, 50, 0.1)],
    };

    private static ModelCost Model(string name, string device, double cpuMs) => new()
    {
        Name = name,
        Bundle = "parts@1",
        Precision = name.EndsWith("int8", StringComparison.Ordinal) ? "int8" : "fp32",
        Device = device,
        CpuMs = cpuMs,
        SingleCpuMs = cpuMs + 2,
        ImagesPerSecond = device == "cpu" ? 2000 / cpuMs : 1000,
        SessionsMb = 300,
        StartSeconds = 3,
        LoaderMb = 20,
        DecodeCpuMs = new Dictionary<string, double>(StringComparer.Ordinal) { ["0.3MP"] = 1.5, ["5MP"] = 20 },
    };

    private static TableCost Rows(long rows, double perSecond) => new(
        rows, perSecond, 0.06, 2000, 12_000, 1000, new Dictionary<string, double>(StringComparer.Ordinal) { ["one image"] = 0.5 });
}
