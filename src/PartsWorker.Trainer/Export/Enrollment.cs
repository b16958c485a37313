using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>A part class to add to a bundle without training; its photos become gallery rows.</summary>
internal sealed record NewPart(string Name, string Color, string Shape, IReadOnlyList<string> Photos)
{
    /// <summary>Slightly augmented views per photo that are averaged into its gallery row; 0 = the photo alone.</summary>
    public int Views { get; init; } = Enrollment.DefaultViews;
}

/// <summary>
/// Adds a class to a bundle, or photos to an existing class, and writes a new version. Networks and fusion constants stay the same; gallery
/// and labels grow.
/// </summary>
internal sealed class Enrollment
{
    public const int DefaultViews = 4;

    /// <summary>Seed of the views of photos.</summary>
    public const int ViewSeed = 1;

    private readonly ModelBundle _bundle;
    private readonly NewPart _part;
    private readonly int _id;

    /// <exception cref="UserErrorException">The bundle lacks the color or shape, or has the class with others.</exception>
    public Enrollment(ModelBundle bundle, NewPart part)
    {
        (_bundle, _part) = (bundle, part);
        Labels = WithClass(bundle.Labels, out _id);
    }

    /// <summary>The labels of the new version.</summary>
    public LabelSet Labels { get; }

    /// <returns>The new version, and the photos that could not be read.</returns>
    public (ModelBundle Bundle, IReadOnlyList<SkippedImage> Skipped) Run(string root, string version, DateTimeOffset now)
    {
        var skipped = new List<SkippedImage>();
        return (Write(Read(skipped), root, version, now), skipped);
    }

    /// <summary>Runs the photos and their views through the bundle.</summary>
    /// <exception cref="UserErrorException">No photo could be read.</exception>
    public List<(ImageOutputs Plain, ImageOutputs Averaged)> Read(List<SkippedImage> skipped, CancellationToken cancel = default)
    {
        using var images = new VariedImages(_bundle, ViewSeed);
        LabeledImage[] photos = [.. _part.Photos.Select(p => new LabeledImage(p, _id))];
        var outputs = images.WithAverages(photos, _part.Views, skipped, cancel: cancel);
        return outputs.Count > 0
            ? outputs
            : throw new UserErrorException(
                $"could not read any of the {photos.Length} photos; the first error: {skipped[0].Path}: {skipped[0].Reason}", exitCode: 1);
    }

    public ModelBundle Write(
        IReadOnlyList<(ImageOutputs Plain, ImageOutputs Averaged)> photos, string root, string version, DateTimeOffset now)
    {
        var draft = BundleDraft.From(_bundle);
        var gallery = GalleryRows.Of(draft).Enroll([.. photos.Select(p => p.Averaged)]);
        draft = draft with
        {
            Labels = Labels,
            StageTwo = gallery.Distances is { } distances ? DistanceGraph.Add(draft.StageTwo, distances) : draft.StageTwo,
            Gallery = gallery.Rows,
            GalleryClasses = gallery.Classes,
            Images = gallery.Images,
            Manifest = draft.Manifest with { Created = now, Data = WithNotes(draft.Manifest.Data, photos.Count, gallery.Rows.Count) },
        };
        LabeledImage newest = new(photos[0].Plain.Path, _id);
        return NextVersion.Write(draft, root, version, [.. NextVersion.GoldenImages(_bundle), newest]);
    }

    /// <summary>Key in the data of bundle.json.</summary>
    internal static string NoteOf(string className) => $"enrolled {className}";

    private Dictionary<string, string> WithNotes(IReadOnlyDictionary<string, string> data, int photos, int rows)
    {
        var notes = new Dictionary<string, string>(data, StringComparer.Ordinal)
        {
            ["gallery"] = $"{rows:N0} rows",
            [NoteOf(_part.Name)] =
                $"{photos} photos with {_part.Views} augmented views each, without training, from version {_bundle.Version}",
        };
        notes.Remove(ClassRemoval.NoteOf(_part.Name));
        return notes;
    }

    private LabelSet WithClass(LabelSet labels, out int id)
    {
        var (color, shape) = (IndexOf(labels.Colors, _part.Color, "color"), IndexOf(labels.Shapes, _part.Shape, "shape"));
        if (labels.Classes.FirstOrDefault(c => c.Name == _part.Name) is { } known)
        {
            id = known.Id;
            return known.Color == color && known.Shape == shape
                ? labels
                : throw new UserErrorException(
                    $"class \"{_part.Name}\" already exists in {_bundle.Key} "
                        + $"with color {labels.Colors[known.Color]} and shape {labels.Shapes[known.Shape]}");
        }

        id = labels.Classes.Count;
        return labels with { Classes = [.. labels.Classes, new(id, _part.Name, color, shape) { Enrolled = true }] };
    }

    private int IndexOf(IReadOnlyList<string> names, string name, string what)
    {
        var at = Enumerable.Range(0, names.Count).FirstOrDefault(i => names[i] == name, -1);
        return at >= 0
            ? at
            : throw new UserErrorException(
                $"{_bundle.Key} has no {what} \"{name}\"; choose one of {string.Join(", ", names)}, "
                    + $"or train with images of the new {what}");
    }
}
