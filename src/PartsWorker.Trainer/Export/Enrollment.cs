using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>A part class to add to a bundle without training; its photos become gallery rows.</summary>
internal sealed record NewPart(string Name, string Color, string Shape, IReadOnlyList<string> Photos);

/// <summary>
/// Adds a class to a bundle, or photos to an existing class, and writes a new version. Networks and fusion constants stay the same; gallery
/// and labels grow.
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
                $"could not read any of the {part.Photos.Count} photos; the first error: {skipped[0].Path}: {skipped[0].Reason}",
                exitCode: 1);
        }

        var draft = BundleDraft.From(bundle);
        draft = draft with
        {
            Labels = labels,
            Gallery = [.. draft.Gallery, .. outputs.Select(o => o.Embedding)],
            GalleryClasses = [.. draft.GalleryClasses, .. outputs.Select(_ => id)],
            Manifest = draft.Manifest with { Created = now, Data = WithNote(draft.Manifest.Data, outputs.Count) },
        };

        LabeledImage newest = new(outputs[0].Path, id);
        return (NextVersion.Write(draft, root, version, [.. NextVersion.GoldenImages(bundle), newest]), skipped);
    }

    /// <summary>Key in the data of bundle.json.</summary>
    internal static string NoteOf(string className) => $"enrolled {className}";

    private Dictionary<string, string> WithNote(IReadOnlyDictionary<string, string> data, int photos)
    {
        var notes = new Dictionary<string, string>(data, StringComparer.Ordinal)
        {
            [NoteOf(part.Name)] = $"{photos} photos, without training, from version {bundle.Version}",
        };
        notes.Remove(ClassRemoval.NoteOf(part.Name));
        return notes;
    }

    private LabelSet WithClass(LabelSet labels, out int id)
    {
        var (color, shape) = (IndexOf(labels.Colors, part.Color, "color"), IndexOf(labels.Shapes, part.Shape, "shape"));
        if (labels.Classes.FirstOrDefault(c => c.Name == part.Name) is { } known)
        {
            id = known.Id;
            return known.Color == color && known.Shape == shape
                ? labels
                : throw new UserErrorException(
                    $"class \"{part.Name}\" already exists in {bundle.Key} "
                        + $"with color {labels.Colors[known.Color]} and shape {labels.Shapes[known.Shape]}");
        }

        id = labels.Classes.Count;
        return labels with { Classes = [.. labels.Classes, new(id, part.Name, color, shape)] };
    }

    private int IndexOf(IReadOnlyList<string> names, string name, string what)
    {
        var at = Enumerable.Range(0, names.Count).FirstOrDefault(i => names[i] == name, -1);
        return at >= 0
            ? at
            : throw new UserErrorException(
                $"{bundle.Key} has no {what} \"{name}\"; choose one of {string.Join(", ", names)}, or train with images of the new {what}");
    }
}
