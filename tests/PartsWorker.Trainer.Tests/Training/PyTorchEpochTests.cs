using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;
using Xunit.Abstractions;

namespace PartsWorker.Trainer.Tests.Training;

/// <summary>One epoch of preset shared beside PyTorch, from the same weights with the same batches and without dropout.</summary>
public sealed class PyTorchEpochTests(ITestOutputHelper output) : IDisposable
{
    private const int Size = 128;
    private const int Threads = 2;
    private const int Settled = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("pytorch-epoch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PyTorchEpochFact]
    public void The_losses_of_an_epoch_follow_those_of_PyTorch()
    {
        var (ours, speed) = Train();
        var theirs = RunPyTorch();

        for (var i = 0; i < ours.Count; i += 8)
        {
            output.WriteLine($"step {i + 1,3}: loss {ours[i]:0.0000}, PyTorch {theirs.Losses[i]:0.0000}");
        }

        var (mean, other) = (ours.TakeLast(Settled).Average(), theirs.Losses.TakeLast(Settled).Average());
        output.WriteLine($"mean of the last {Settled} steps: {mean:0.0000}, PyTorch {other:0.0000}");
        output.WriteLine(
            $"images/s: {speed:0.0}, PyTorch {theirs.ImagesPerSecond:0.0}, ratio {speed / theirs.ImagesPerSecond:0.00}");
        Assert.Equal(theirs.Losses[0], ours[0], 1e-3 * ours[0]);
        Assert.Equal(other, mean, 0.02 * other);
    }

    /// <summary>The loss of each step, and the median of the images per second. Writes what PyTorch needs for the same steps.</summary>
    private (List<double> Losses, double ImagesPerSecond) Train()
    {
        var data = DataFolder.Open(PyTorchEpochFactAttribute.Data!, "train");
        var preset = Presets.All.Single(p => p.Name == "shared").One.Options;
        var (labels, steps) = (data.Labels, data.Images.Count / preset.BatchSize);
        var network = preset.Network with
        {
            InputSize = Size, Dropout = 0, Classes = labels.Classes.Count, Colors = labels.Colors.Count, Shapes = labels.Shapes.Count,
        };
        using var cache = new PixelCacheBuilder(
            data, _folder, StageRun.CachedSide(Size), ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full))).Build();
        using var batches = new BatchFeeder(cache, [.. Enumerable.Range(0, cache.Count)], labels, new()
        {
            BatchSize = preset.BatchSize, InputSize = Size, Seed = preset.Seed, Augmentation = preset.Augmentation,
        });
        using var step = new TrainingStep(network, preset.Loss, preset.BatchSize, new(Threads, ExecutionDevice.Cpu), preset.Seed);
        step.State.Initialize(preset.Seed);
        step.State.Import(WeightFile.Fit(StartingWeights.Default, step.State.Parameters, step.State.Statistics));
        WritePlan(preset, network, steps);
        WriteStart(step.State);
        return Train(step, batches, preset, steps);
    }

    private (List<double> Losses, double ImagesPerSecond) Train(
        TrainingStep step, BatchFeeder batches, TrainingOptions preset, int steps)
    {
        var optimizer = new Optimizer(preset.Optimizer, step.Trained, step.State.All.Length, Threads);
        using var file = File.Create(Path.Combine(_folder, "batches.bin"));
        var (losses, times) = (new List<double>(), new List<double>());
        for (var i = 0; i < steps; i++)
        {
            var batch = batches.NextBatch(CancellationToken.None);
            file.Write(batch.Pixels);
            foreach (var column in new[] { batch.Classes, batch.Colors, batch.Shapes })
            {
                file.Write(MemoryMarshal.AsBytes(column.AsSpan()));
            }

            file.Write(MemoryMarshal.AsBytes(batch.Shares.AsSpan()));
            var started = Stopwatch.GetTimestamp();
            losses.Add(step.Run(batch, Margin(preset, i, steps), preset.Loss.Scale).Loss);
            optimizer.Apply(step.State.All, step.Gradients, Rate(preset, i, steps), i);
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            batches.Return(batch);
        }

        return (losses, preset.BatchSize / times.Order().ElementAt(times.Count / 2));
    }

    private static float Margin(TrainingOptions preset, int step, int steps) => preset.Schedule.Margin(step / (double)steps);

    private static float Rate(TrainingOptions preset, int step, int steps) =>
        preset.Optimizer.LearningRate * preset.Schedule.Rate(step, step / (double)steps, 0);

    private void WritePlan(TrainingOptions preset, NetworkSpec network, int steps) => File.WriteAllText(
        Path.Combine(_folder, "plan.json"),
        JsonSerializer.Serialize(new
        {
            threads = Threads,
            batch = preset.BatchSize,
            size = Size,
            embedding = network.Embedding,
            classes = network.Classes,
            colors = network.Colors,
            shapes = network.Shapes,
            mean = Network.ImageNetMean,
            deviation = Network.ImageNetDeviation,
            margin = preset.Loss.M,
            scale = preset.Loss.Scale,
            smoothing = preset.Loss.LabelSmoothing,
            metaWeight = preset.Loss.MetaWeight,
            shapeWeight = preset.Loss.ShapeWeight,
            decay = preset.Optimizer.WeightDecay,
            headDecay = preset.Optimizer.HeadDecay,
            headRate = preset.Optimizer.HeadRate,
            clip = preset.Optimizer.ClipNorm,
            rates = Enumerable.Range(0, steps).Select(i => Rate(preset, i, steps)),
            margins = Enumerable.Range(0, steps).Select(i => Margin(preset, i, steps)),
        }));

    private void WriteStart(NetworkState state)
    {
        var values = state.Export(state.All);
        using var file = File.Create(Path.Combine(_folder, "start.safetensors"));
        SafetensorsWriter.Write(
            file,
            new Dictionary<string, string>(),
            [.. state.Places.Select(p => new TensorSource(p.Name, p.Shape, () => values[p.Name]))]);
    }

    private PyTorchEpoch RunPyTorch()
    {
        var script = Path.Combine(Repository.Root, "tests", "peers", "pytorch_epoch.py");
        using var python = Process.Start(PyTorchEpochFactAttribute.Python, [script, _folder]);
        Assert.True(python.WaitForExit(TimeSpan.FromMinutes(20)));
        Assert.Equal(0, python.ExitCode);
        var losses = File.ReadAllText(Path.Combine(_folder, "losses.json"));
        return JsonSerializer.Deserialize<PyTorchEpoch>(losses, JsonSerializerOptions.Web)!;
    }

    private sealed record PyTorchEpoch(double[] Losses, double ImagesPerSecond);
}

/// <summary>Runs only from tests/peers/train-vs-pytorch.sh --epoch: it takes minutes, and most machines have no PyTorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchEpochFactAttribute : FactAttribute
{
    public PyTorchEpochFactAttribute()
    {
        if (Data is null)
        {
            Skip = "needs PyTorch and minutes: tests/peers/train-vs-pytorch.sh --epoch DATA";
        }
    }

    public static string? Data { get; } = Environment.GetEnvironmentVariable("PARTS_EPOCH_DATA");

    public static string Python { get; } = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
}
