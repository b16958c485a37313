using System.Globalization;
using PartsWorker.Bench.Costs;

namespace PartsWorker.Bench.Sizing;

/// <summary>Processor milliseconds of one image on the measured machine, and what it brings along.</summary>
internal sealed record ImageCost
{
    public required double Megapixels { get; init; }

    public required double FileBytes { get; init; }

    public required double LoaderMb { get; init; }

    public required double Decode { get; init; }

    public required double Fetch { get; init; }

    public required double Model { get; init; }

    /// <summary>Message, pipeline, and the clients of broker and database.</summary>
    public required double Pipeline { get; init; }

    public required double Broker { get; init; }

    public required double Database { get; init; }

    public double Worker => Decode + Fetch + Model + Pipeline;

    /// <summary>With a full queue: large batches, and nothing is published meanwhile.</summary>
    /// <exception cref="UserErrorException">The table knows neither this size nor this model.</exception>
    public static ImageCost WithFullQueue(CostTable table, string model, string size)
    {
        var services = table.Services;
        return Of(table, ModelNamed(table, model), size) with
        {
            Model = ModelNamed(table, model).CpuMs,
            Pipeline = services.WorkerCpuMs - table.Pictures[0].FetchCpuMs,
            Broker = services.DeliverBrokerCpuMs,
            Database = services.DatabaseCpuMs,
        };
    }

    /// <summary>As a worker below its limit pays: small batches, and a publisher beside it.</summary>
    /// <exception cref="UserErrorException">As <see cref="WithFullQueue"/>.</exception>
    public static ImageCost BelowTheLimit(CostTable table, string model, string size)
    {
        var full = WithFullQueue(table, model, size);
        var services = table.Services;
        var loads = table.Loads.Where(load => load.Model == model).DefaultIfEmpty(table.Loads.MaxBy(load => load.DatabaseCpuMs)).ToArray();
        var bare = table.Loads.FirstOrDefault(load => load.Model == CostPlan.NoModel);
        return full with
        {
            Model = ModelNamed(table, model).SingleCpuMs,
            Pipeline = Math.Max(services.WorkerCpuMs, bare?.WorkerCpuMs ?? 0) - table.Pictures[0].FetchCpuMs,
            Broker = Math.Max(services.PublishBrokerCpuMs + services.DeliverBrokerCpuMs, loads.Max(load => load?.BrokerCpuMs) ?? 0),
            Database = Math.Max(services.DatabaseCpuMs, loads.Max(load => load?.DatabaseCpuMs) ?? 0),
        };
    }

    public static ModelCost ModelNamed(CostTable table, string name) =>
        table.Models.FirstOrDefault(model => model.Name == name)
        ?? throw new UserErrorException(
            $"--model {name}: was not measured; the cost table has {string.Join(", ", table.Models.Select(model => model.Name))}");

    private static ImageCost Of(CostTable table, ModelCost model, string size)
    {
        var megapixels = MegapixelsOf(table, size);
        double At(Func<PictureCost, double> value) => Interpolate(table.Pictures, megapixels, value);
        return new()
        {
            Megapixels = megapixels,
            FileBytes = At(picture => picture.FileBytes),
            LoaderMb = model.LoaderMb * (megapixels - table.Pictures[0].Megapixels)
                / Math.Max(1e-9, table.Pictures[^1].Megapixels - table.Pictures[0].Megapixels),
            Decode = At(picture => model.DecodeCpuMs[picture.Size]),
            Fetch = At(picture => picture.FetchCpuMs),
            Model = 0,
            Pipeline = 0,
            Broker = 0,
            Database = 0,
        };
    }

    private static double MegapixelsOf(CostTable table, string size)
    {
        if (table.Pictures.FirstOrDefault(picture => picture.Size.Equals(size, StringComparison.OrdinalIgnoreCase)) is { } measured)
        {
            return measured.Megapixels;
        }

        var (least, most) = (table.Pictures[0], table.Pictures[^1]);
        var number = size.EndsWith("MP", StringComparison.OrdinalIgnoreCase) ? size[..^2] : size;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var megapixels)
            && megapixels >= least.Megapixels && megapixels <= most.Megapixels
            ? megapixels
            : throw new UserErrorException($"--size {size}: must be {least.Megapixels:0.0}MP..{most.Megapixels:0}MP, such as 5MP");
    }

    private static double Interpolate(IReadOnlyList<PictureCost> pictures, double megapixels, Func<PictureCost, double> value)
    {
        var after = pictures.FirstOrDefault(picture => picture.Megapixels >= megapixels) ?? pictures[^1];
        var before = pictures.LastOrDefault(picture => picture.Megapixels <= megapixels) ?? pictures[0];
        var span = after.Megapixels - before.Megapixels;
        return span <= 0 ? value(after) : value(before) + ((value(after) - value(before)) * (megapixels - before.Megapixels) / span);
    }
}
