using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>A part class that joins a bundle without training: its photos become gallery rows.</summary>
internal sealed record NewPart(string Name, string Color, string Shape, IReadOnlyList<string> Photos);

/// <summary>
/// Adds a class to a bundle, or photos to a class it has: networks and fusion stay, gallery and labels grow, and the result is a new
/// version.
/// </summary>
internal sealed class Enrollment(ModelBundle bundle, NewPart part)
{
    /// <returns>The new version, and the photos that could not be read.</returns>
    public (ModelBundle Bundle, IReadOnlyList<SkippedImage> Skipped) Run(string root, string version, DateTimeOffset now)
    {
        var labels = WithClass(bundle.Labels, out var id);
        var skipped = new List<SkippedImage>();
        List<ImageOutputs> outputs;
        using (var runner = new BundleRunner(bundle))
        {
            outputs = runner.Run([.. part.Photos.Select(p => new LabeledImage(p, id))], skipped);
        }

        if (outputs.Count == 0)
        {
            throw new UserErrorException(
                $"none of the {part.Photos.Count} photos could be read; the first: {skipped[0].Path}: {skipped[0].Reason}", exitCode: 1);
        }

        var draft = BundleDraft.From(bundle);
        draft = draft with
        {
            Labels = labels,
            Gallery = [.. draft.Gallery, .. outputs.Select(o => o.Embedding)],
            GalleryClasses = [.. draft.GalleryClasses, .. outputs.Select(_ => id)],
            Manifest = draft.Manifest with { Created = now, Data = Note(draft.Manifest.Data, outputs.Count) },
        };
        return (Write(draft, root, version, new(outputs[0].Path, id)), skipped);
    }

    /// <summary>The old golden images and one of the new ones, recorded anew: their hits may have changed.</summary>
    private ModelBundle Write(BundleDraft draft, string root, string version, LabeledImage newest)
    {
        var scratch = Directory.CreateTempSubdirectory("partstrainer-").FullName;
        try
        {
            var golden = bundle.ReadGolden().Images.Select(
                g => new LabeledImage(bundle.PathOf($"golden/{g.File}"), g.TrueClass ?? g.ClassId));
            return draft.Write(root, version, GoldenRecorder.Record(draft, scratch, [.. golden, newest]));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private Dictionary<string, string> Note(IReadOnlyDictionary<string, string> data, int photos) => new(data, StringComparer.Ordinal)
    {
        [$"enrolled {part.Name}"] = $"{photos} photos, without training, after {bundle.Version}",
    };

    private LabelSet WithClass(LabelSet labels, out int id)
    {
        var (color, shape) = (Number(labels.Colors, part.Color, "color"), Number(labels.Shapes, part.Shape, "shape"));
        if (labels.Classes.FirstOrDefault(c => c.Name == part.Name) is { } known)
        {
            id = known.Id;
            return known.Color == color && known.Shape == shape
                ? labels
                : throw new UserErrorException(
                    $"class \"{part.Name}\" is in {bundle.Key} already, as {labels.Colors[known.Color]} and {labels.Shapes[known.Shape]}");
        }

        id = labels.Classes.Count;
        return labels with { Classes = [.. labels.Classes, new(id, part.Name, color, shape)] };
    }

    private string Choices(IReadOnlyList<string> names) => $"{bundle.Key} knows {string.Join(", ", names)}";

    private int Number(IReadOnlyList<string> names, string name, string what)
    {
        var at = Enumerable.Range(0, names.Count).FirstOrDefault(i => names[i] == name, -1);
        return at >= 0
            ? at
            : throw new UserErrorException(
                $"{what} \"{name}\" is not one the bundle can see: {Choices(names)}; another one needs training");
    }
}
