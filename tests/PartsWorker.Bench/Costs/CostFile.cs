using System.Text.Json;

namespace PartsWorker.Bench.Costs;

/// <summary>The file of a cost table.</summary>
internal static class CostFile
{
    /// <summary>Where the repository keeps its table, and the plots and document made of it.</summary>
    public const string DefaultFolder = "deploy/sizing";

    private const string Name = "costs.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string In(string folder) => Path.Combine(folder, Name);

    /// <exception cref="UserErrorException">The file is missing, is not a cost table, or lacks figures.</exception>
    public static CostTable Read(string file)
    {
        try
        {
            var table = JsonSerializer.Deserialize<CostTable>(File.ReadAllText(file), Json) ?? throw new JsonException("it is empty");
            return Problem(table) is { } problem
                ? throw new UserErrorException($"{file}: {problem}; measure it anew: partsbench costs")
                : table;
        }
        catch (JsonException error)
        {
            throw new UserErrorException(
                $"{file}: is not a cost table: {error.Message.Split('\n')[0]}; measure one: partsbench costs", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{file}: cannot be read: {error.Message}; give --costs FILE, or measure one: partsbench costs", inner: error);
        }
    }

    public static void Write(string file, CostTable table)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, JsonSerializer.Serialize(table, Json) + "\n");
    }

    /// <summary>What a table lacks; null if it is complete.</summary>
    public static string? Problem(CostTable table)
    {
        var sizes = table.Pictures.Select(p => p.Size).ToArray();
        return sizes.Length == 0 ? "has no pictures"
            : table.Models.Count == 0 ? "has no models"
            : table.Tables.Count == 0 ? "has no tables"
            : table.Backlogs.Count == 0 ? "has no backlogs"
            : table.Models.FirstOrDefault(m => !sizes.All(m.DecodeCpuMs.ContainsKey)) is { } partial
                ? $"model {partial.Name} lacks the cost of decoding a size"
            : Figures(table).FirstOrDefault(f => !(f.Value > 0 && double.IsFinite(f.Value))) is { Name: { } name }
                ? $"{name} is not above zero"
            : null;
    }

    private static IEnumerable<(string Name, double Value)> Figures(CostTable table) =>
    [
        .. table.Pictures.Select(p => ($"fetchCpuMs of {p.Size}", p.FetchCpuMs)),
        .. table.Pictures.Select(p => ($"fileBytes of {p.Size}", p.FileBytes)),
        .. table.Models.Select(m => ($"singleCpuMs of {m.Name}", m.SingleCpuMs)),
        .. table.Models.Select(m => ($"imagesPerSecond of {m.Name}", m.ImagesPerSecond)),
        .. table.Models.SelectMany(m => m.DecodeCpuMs.Select(d => ($"decodeCpuMs of {m.Name} at {d.Key}", d.Value))),
        ("services.workerCpuMs", table.Services.WorkerCpuMs),
        ("services.deliverBrokerCpuMs", table.Services.DeliverBrokerCpuMs),
        ("services.publishBrokerCpuMs", table.Services.PublishBrokerCpuMs),
        ("services.databaseCpuMs", table.Services.DatabaseCpuMs),
        ("services.publishPerSecond", table.Services.PublishPerSecond),
        ("services.consumePerSecond", table.Services.ConsumePerSecond),
        ("services.publishBytes", table.Services.PublishBytes),
        ("services.deliverBytes", table.Services.DeliverBytes),
        ("services.storeBytes", table.Services.StoreBytes),
        .. table.Tables.Select(t => ($"rowsPerSecond of {t.Rows} rows", t.RowsPerSecond)),
        .. table.Tables.Select(t => ($"diskBytes of {t.Rows} rows", t.DiskBytes)),
        .. table.Tables.Select(t => ($"walBytes of {t.Rows} rows", t.WalBytes)),
    ];
}
