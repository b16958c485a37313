using System.Numerics.Tensors;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// The class centers to start fine-tuning from. Random centers would first pull the trained embedding apart. A known class has the mean of
/// its gallery rows, a new class the mean embedding of its training images.
/// </summary>
internal static class ClassCenters
{
    /// <returns>One unit vector per class of the labels.</returns>
    public static IReadOnlyList<float[]> Of(ModelBundle serving, RefreshData data, CancellationToken stop)
    {
        var (rows, _) = GalleryGraph.ReadRows(serving.Directory, File.ReadAllBytes(serving.PathOf(serving.Manifest.StageOne.File)));
        var known = serving.GalleryClasses.ToHashSet();
        var added = data.Training.Where(i => !known.Contains(i.ClassId)).ToArray();
        var outputs = added.Length == 0 ? [] : Run(serving, added, stop);
        var vectors = serving.GalleryClasses.Zip(rows).Concat(outputs.Select(o => (o.ClassId, o.Embedding)))
            .GroupBy(v => v.Item1)
            .ToDictionary(g => g.Key, g => Mean(g.Select(v => v.Item2)));
        return [.. data.Labels.Classes.Select(c => vectors.GetValueOrDefault(c.Id) ?? throw new UserErrorException(
            $"could not read any image of the new class \"{c.Name}\"", exitCode: 1))];
    }

    private static List<ImageOutputs> Run(ModelBundle serving, LabeledImage[] images, CancellationToken stop)
    {
        using var runner = new BundleRunner(serving);
        return runner.Run(images, [], cancel: stop);
    }

    private static float[] Mean(IEnumerable<float[]> vectors)
    {
        float[]? sum = null;
        foreach (var vector in vectors)
        {
            sum ??= new float[vector.Length];
            TensorPrimitives.Add(sum, vector, sum);
        }

        return UnitVector.Of(sum!);
    }
}
