using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Export.Untrained;

/// <summary>
/// Random weights with normalization statistics from real forward passes. With initial statistics, the signal of a deep network shrinks or
/// grows from layer to layer, down to denormal numbers, which are much slower than the numbers of a trained network.
/// </summary>
internal sealed class SettledWeights(LabelSet labels, IReadOnlyList<LabeledImage> images, int seed)
{
    // The networks are convolutional, so small images give similar statistics in a tenth of the time.
    private const int Side = 64;
    private const int Batch = 16;

    // Each step keeps 0.9 of the running statistics, so 1 % of the initial values remains.
    private const int Steps = 44;

    public TrainedStage Make(NetworkSpec network)
    {
        network = network with { Classes = labels.Classes.Count, Colors = labels.Colors.Count, Shapes = labels.Shapes.Count };
        using var step = new TrainingStep(network with { InputSize = Side }, new(), Batch, new(), seed);
        step.State.Initialize(seed);
        foreach (var batch in Batches())
        {
            step.Run(batch, marginWarmth: 1, marginScale: 1);
        }

        return new(network, step.State.Export(step.State.All));
    }

    private IEnumerable<TrainingBatch> Batches()
    {
        using var preprocessor = new Preprocessor(
            ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full)), new() { Size = Side }, new());
        var batch = new TrainingBatch(Batch, Side);
        for (var step = 0; step < Steps; step++)
        {
            for (var row = 0; row < Batch; row++)
            {
                // A prime stride mixes the classes.
                var image = images[(int)(((step * Batch) + row) * 7919L % images.Count)];
                preprocessor.Prepare(
                    File.ReadAllBytes(image.Path), batch.Pixels.AsSpan(row * preprocessor.ImageBytes, preprocessor.ImageBytes));
                var labeled = labels.Classes[image.ClassId];
                (batch.Classes[row], batch.Colors[row], batch.Shapes[row]) = (labeled.Id, labeled.Color, labeled.Shape);
            }

            batch.Step = step;
            yield return batch;
        }
    }
}
