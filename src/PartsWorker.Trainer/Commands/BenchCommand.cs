using System.CommandLine;
using System.Diagnostics;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer bench</c>: measures the training step, in images per second on random pixels.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var backbone = new Option<string>("--backbone")
        {
            Description = $"Network: {string.Join(", ", Backbones.Names)}.",
            DefaultValueFactory = _ => "resnet18",
        };
        var size = new Option<int>("--size") { Description = "Side of the images in pixels.", DefaultValueFactory = _ => 64 };
        var width = new Option<float>("--width") { Description = "Multiplies the number of channels.", DefaultValueFactory = _ => 1 };
        var batch = new Option<int>("--batch") { Description = "Images per step.", DefaultValueFactory = _ => 32 };
        var steps = new Option<int>("--steps") { Description = "Timed steps; the median is reported.", DefaultValueFactory = _ => 10 };
        var threads = new Option<int>("--threads") { Description = "Threads per step; 0 = all cores.", DefaultValueFactory = _ => 0 };
        var device = DeviceOption.Create();
        var command = new Command(
            "bench",
            """
            Measures the speed of a training step on random pixels.
            Example: partstrainer bench --backbone mobilefacenet --size 112 --batch 32
            """);
        foreach (var option in new Option[] { backbone, size, width, batch, steps, threads, device })
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Run(
            new NetworkSpec
            {
                Backbone = parsed.GetValue(backbone)!,
                Head = HeadKind.Classifier,
                InputSize = parsed.GetValue(size),
                Width = parsed.GetValue(width),
                Classes = 100,
                Embedding = 128,
            },
            parsed.GetValue(batch),
            parsed.GetValue(steps),
            new GraphSessionOptions(parsed.GetValue(threads), parsed.GetValue(device) ?? ExecutionDevice.Cpu)));
        return command;
    }

    private static int Run(NetworkSpec network, int batch, int steps, GraphSessionOptions options)
    {
        using var step = new TrainingStep(network, new LossSpec(), batch, options, seed: 1);
        step.State.Initialize(1);
        var rule = new OptimizerOptions { Kind = OptimizerKind.Sgd, WeightDecay = 1e-4f, ClipNorm = 0 };
        var optimizer = new Optimizer(rule, step.Trained, step.State.All.Length, options.Threads);
        var rows = new TrainingBatch(batch, network.InputSize);
        new Random(1).NextBytes(rows.Pixels);
        var times = new List<double>();
        var processor = new List<double>();
        using var self = Process.GetCurrentProcess();
        for (var i = -2; i < steps; i++)
        {
            self.Refresh();
            var (started, before) = (Stopwatch.GetTimestamp(), self.TotalProcessorTime);
            step.Run(rows, 1, 1);
            optimizer.Apply(step.State.All, step.Gradients, 0.01f, i + 2);
            if (i >= 0)
            {
                self.Refresh();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                processor.Add((self.TotalProcessorTime - before).TotalMilliseconds);
            }
        }

        times.Sort();
        processor.Sort();
        var median = times[times.Count / 2];
        Console.WriteLine(
            $"{network.Backbone}: {median:f1} ms/step, {batch * 1000 / median:f1} images/s, "
            + $"cpu {processor[processor.Count / 2]:f1} ms/step, peak memory {self.PeakWorkingSet64 >> 20} MB");
        return 0;
    }
}
