using PartsWorker.Bench.Costs;

namespace PartsWorker.Bench.Sizing;

/// <summary>Computes a plan from a cost table: every resource is rate times cost, divided by the share that may be used.</summary>
internal sealed class SizingCalculator(CostTable table)
{
    private const double BytesPerGb = 1e9;
    private const double BitsPerGbit = 1e9;

    public SizingPlan Plan(SizingRequest request)
    {
        var image = ImageCost.BelowTheLimit(table, request.Model, request.Size);
        var model = ImageCost.ModelNamed(table, request.Model);
        var rate = request.ImagesPerSecond;
        var share = request.Utilization;
        // A core that serves images for 1000 ms of each second, of which a share may be used.
        var coreMs = 1000 * request.CoreSpeed * share;
        var queue = Math.Min(table.Services.PublishPerSecond, table.Services.ConsumePerSecond) * share;
        var rows = table.Tables[^1].RowsPerSecond * share;
        var databases = (int)Math.Ceiling(rate / rows);
        var worlds = Math.Max(databases, (int)Math.Ceiling(rate / queue));
        var workers = request.Workers ?? (int)Math.Ceiling(rate * image.Worker / coreMs / request.WorkerCores);
        var plan = new SizingPlan
        {
            Request = request,
            Image = image,
            Model = model,
            Workers = workers,
            WorkerMb = WorkerMb(request, image),
            Gpus = model.Device == "cpu" ? null : (int)Math.Ceiling(rate / (model.ImagesPerSecond * share)),
            Worlds = worlds,
            BrokerCores = (int)Math.Ceiling((rate * image.Broker / coreMs) + table.Services.IdleBrokerCores),
            BacklogMessages = rate * request.BacklogHours * 3600,
            BacklogDiskGb = rate * request.BacklogHours * 3600 * table.Backlogs[^1].DiskBytes / BytesPerGb,
            BacklogMemoryGb = BacklogMb(rate * request.BacklogHours * 3600) / 1000,
            Databases = databases,
            DatabaseCores = (int)Math.Ceiling((rate / databases * image.Database / coreMs) + table.Services.IdleDatabaseCores),
            ImagesPerDay = rate * request.HoursPerDay * 3600,
            DatabaseGbPerMillion = table.Tables[^1].DiskBytes * 1e6 / BytesPerGb,
            WalMbPerSecond = rate * table.Tables[^1].WalBytes / 1e6,
            StorageGbit = rate * image.FileBytes * 8 / BitsPerGbit,
            ServicesGbit = rate * (table.Services.PublishBytes + table.Services.DeliverBytes + table.Services.StoreBytes) * 8 / BitsPerGbit,
            Ceilings = [],
            Notes = Notes(request),
        };
        return plan with { Ceilings = [.. Ceilings(plan, coreMs, queue, rows).OrderBy(ceiling => ceiling.ImagesPerSecond)] };
    }

    private static IEnumerable<Ceiling> Ceilings(SizingPlan plan, double coreMs, double queue, double rows)
    {
        var (request, image) = (plan.Request, plan.Image);
        yield return new("worker cores", plan.Workers * request.WorkerCores * coreMs / image.Worker);
        yield return new("queue of the broker", plan.Worlds * queue);
        yield return new("broker cores", plan.BrokerCores * coreMs / image.Broker);
        yield return new("transactions of the database", plan.Databases * rows);
        yield return new("database cores", plan.Databases * plan.DatabaseCores * coreMs / image.Database);
        yield return new(
            "network of the image storage", request.NetworkGbit * request.Utilization * BitsPerGbit / 8 / image.FileBytes);
        if (plan.Gpus is { } gpus)
        {
            yield return new("GPUs", gpus * plan.Model.ImagesPerSecond * request.Utilization);
        }
    }

    // One loader per core, as Pipeline:LoadConcurrency chooses.
    private double WorkerMb(SizingRequest request, ImageCost image)
    {
        var measured = table.Workers.FirstOrDefault(worker => worker.Model == request.Model && worker.Workers == 1)?.PeakMb;
        var bare = measured ?? ImageCost.ModelNamed(table, request.Model).SessionsMb + table.Services.WorkerMb;
        return bare + (Math.Clamp(request.WorkerCores, 2, 16) * image.LoaderMb);
    }

    // A straight line through the smallest and the largest measured backlog.
    private double BacklogMb(double messages)
    {
        var (least, most) = (table.Backlogs[0], table.Backlogs[^1]);
        var slope = most.Messages > least.Messages ? Math.Max(0, (most.BrokerMb - least.BrokerMb) / (most.Messages - least.Messages)) : 0;
        return most.BrokerMb + (slope * Math.Max(0, messages - most.Messages));
    }

    private List<string> Notes(SizingRequest request)
    {
        var machine = table.Machine;
        List<string> notes =
        [
            $"measured {table.Measured:yyyy-MM-dd} on {machine.Cores} cores of {machine.Processor}, shared with broker and database",
            "broker and database were measured without replicas: give each of three broker nodes, and each standby, what is stated here",
        ];
        Add(table.Note is not null, table.Note);
        Add(table.Quick, "the cost table comes from --quick: do not size by it");
        Add(
            request.WorkerCores > machine.Cores,
            $"a worker with more than {machine.Cores} cores was not measured; --worker-cores {machine.Cores} stays inside the measurement");
        var backlog = request.ImagesPerSecond * request.BacklogHours * 3600;
        Add(
            backlog > table.Backlogs[^1].Messages,
            $"backlogs of more than {table.Backlogs[^1].Messages:N0} messages were not measured; their memory is a straight line");
        return notes;

        void Add(bool applies, string? note)
        {
            if (applies)
            {
                notes.Add(note!);
            }
        }
    }
}
