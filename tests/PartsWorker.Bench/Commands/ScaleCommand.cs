using System.CommandLine;
using PartsWorker.Bench.Costs;
using PartsWorker.Bench.Sizing;

namespace PartsWorker.Bench.Commands;

/// <summary><c>partsbench scale</c>: the length of the queue while KEDA adds workers, on paper.</summary>
internal static class ScaleCommand
{
    private const string Help = """
        Computes second by second how long the queue gets in a burst while deploy/kubernetes/autoscale.yaml adds workers, and how long it
        takes to empty. A calculation with the documented rules of the autoscaler and the measured speed and start time of a worker;
        nothing is started. Needs no services.

        Example: partsbench scale --images-per-second 300 --seconds 600 --size 1.3MP --model real-int8 --worker-cores 2
        """;

    public static Command Create()
    {
        var rate = new Option<double>("--images-per-second")
        {
            Description = "Arrivals during the burst, 0.001..1000000.",
            Required = true,
        };
        var seconds = new Option<int>("--seconds") { Description = "Length of the burst, 1..86400.", DefaultValueFactory = _ => 600 };
        var size = new Option<string>("--size") { Description = "Size of the pictures, such as 1.3MP.", Required = true };
        var model = new Option<string>("--model") { Description = "Name of a measured model.", Required = true };
        var cores = new Option<int>("--worker-cores") { Description = "Cores of one worker, 1..256.", DefaultValueFactory = _ => 2 };
        var pod = new Option<double>("--pod-seconds")
        {
            Description = "Seconds that Kubernetes needs to place a pod and pull its image, 0..3600; not measured here.",
            DefaultValueFactory = _ => 5,
        };
        var value = new Option<double>("--queue-length") { Description = "value of the trigger, 1..1e9.", DefaultValueFactory = _ => 2000 };
        var max = new Option<int>("--max") { Description = "maxReplicaCount, 1..1000.", DefaultValueFactory = _ => 4 };
        var costs = new Option<string?>("--costs") { Description = "Cost table. Default: deploy/sizing/costs.json." };
        var plot = new Option<string?>("--plot") { Description = "Also write the curve to this SVG file." };
        var command = new Command("scale", Help) { rate, seconds, size, model, cores, pod, value, max, costs, plot };
        command.SetAction(given =>
        {
            var table = CostFile.Read(given.GetValue(costs) ?? PlanOptions.DefaultCosts);
            var workerCores = RunOptions.Within("--worker-cores", given.GetValue(cores), 1, 256);
            var podSeconds = RunOptions.Within("--pod-seconds", given.GetValue(pod), 0, 3600);
            var worker = ScalePlan.Of(table, given.GetValue(model)!, given.GetValue(size)!, workerCores, podSeconds);
            var plan = worker with
            {
                ImagesPerSecond = RunOptions.Within("--images-per-second", given.GetValue(rate), 0.001, 1e6),
                BurstSeconds = RunOptions.Within("--seconds", given.GetValue(seconds), 1, 86_400),
                QueueLength = RunOptions.Within("--queue-length", given.GetValue(value), 1, 1e9),
                MaxWorkers = RunOptions.Within("--max", given.GetValue(max), 1, 1000),
            };
            var moments = new ScaleUp(plan).Run();
            Console.Write(ScaleText.Of(plan, moments));
            if (given.GetValue(plot) is { } file)
            {
                CostPlots.Scale(moments, file);
            }

            return 0;
        });
        return command;
    }
}
