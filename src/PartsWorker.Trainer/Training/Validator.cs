using System.Numerics.Tensors;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// Measures a network on the validation images: the nearest class center for the embedder, both heads for the meta model.
/// </summary>
internal sealed class Validator(PixelCache cache, int[] images, LabelSet labels, LossSpec loss, int threads)
{
    public Validation Measure(TrainedStage stage)
    {
        using var runner = new InferenceRunner(stage.ToOnnx(), threads);
        var outputs = runner.Run(cache, images);
        var classes = Array.ConvertAll(images, p => labels.Classes[cache.ClassId(p)]);
        if (stage.Network.Head is HeadKind.Embedder or HeadKind.Shared)
        {
            var score = Score(ClassScores(stage, outputs["embedding"]), [.. classes.Select(c => c.Id)], loss.Scale);
            return stage.Network.Head == HeadKind.Embedder
                ? score
                : score with { ShapeAccuracy = Score(outputs["shape_logits"], [.. classes.Select(c => c.Shape)], 1).Accuracy };
        }

        var colors = Score(outputs["color_logits"], [.. classes.Select(c => c.Color)], 1);
        var shapes = Score(outputs["shape_logits"], [.. classes.Select(c => c.Shape)], 1);
        return new Validation(colors.Loss + (loss.ShapeWeight * shapes.Loss), colors.Accuracy, shapes.Accuracy);
    }

    /// <summary>Cosine similarity to the nearest center of each class.</summary>
    private float[] ClassScores(TrainedStage stage, float[] embeddings)
    {
        var (width, count) = (stage.Network.Embedding, stage.Network.Classes);
        var centers = stage.Centers!;
        var scores = new float[images.Length * count];
        Array.Fill(scores, float.NegativeInfinity);
        for (var p = 0; p < images.Length; p++)
        {
            for (var c = 0; c < count * loss.SubCenters; c++)
            {
                var cosine = TensorPrimitives.CosineSimilarity<float>(
                    embeddings.AsSpan(p * width, width), centers.AsSpan(c * width, width));
                ref var best = ref scores[(p * count) + (c / loss.SubCenters)];
                best = MathF.Max(best, cosine);
            }
        }

        return scores;
    }

    internal static Validation Score(float[] logits, int[] truth, float scale)
    {
        var width = logits.Length / truth.Length;
        var (sum, hits) = (0.0, 0);
        for (var i = 0; i < truth.Length; i++)
        {
            var row = logits.AsSpan(i * width, width);
            var best = TensorPrimitives.IndexOfMax<float>(row);
            var total = 0.0;
            foreach (var v in row)
            {
                total += Math.Exp((v - row[best]) * scale);
            }

            sum += Math.Log(total) - ((row[truth[i]] - row[best]) * scale);
            hits += best == truth[i] ? 1 : 0;
        }

        return new Validation(sum / truth.Length, hits / (double)truth.Length);
    }
}
