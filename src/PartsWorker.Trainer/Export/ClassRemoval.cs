using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Removes classes from a bundle and writes a new version without their labels, gallery rows and golden images. Networks, fusion
/// constants, colors and shapes stay the same. Class ids count from 0 without gaps, so the classes behind a removed one get lower ids; an
/// id belongs to one version only, and SQL, reviews and reports compare versions by class name.
/// </summary>
internal sealed class ClassRemoval
{
    private readonly ModelBundle _bundle;
    private readonly HashSet<int> _removed;

    /// <exception cref="UserErrorException">The bundle has no such class, or nothing would remain of it.</exception>
    public ClassRemoval(ModelBundle bundle, IEnumerable<string> names)
    {
        _bundle = bundle;
        _removed = [.. names.Select(Find)];
        if (_removed.Count == 0)
        {
            throw new UserErrorException("name at least one class to remove");
        }

        RequireRest();
    }

    public ModelBundle Write(string root, string version, DateTimeOffset now)
    {
        var draft = BundleDraft.From(_bundle);
        PartClass[] kept = [.. draft.Labels.Classes.Where(c => !_removed.Contains(c.Id))];
        var ids = kept.Select((c, i) => (c.Id, New: i)).ToDictionary(c => c.Id, c => c.New);
        int[] rows = [.. Enumerable.Range(0, draft.Gallery.Count).Where(r => ids.ContainsKey(draft.GalleryClasses[r]))];
        draft = draft with
        {
            Labels = draft.Labels with { Classes = [.. kept.Select(c => c with { Id = ids[c.Id] })] },
            StageTwo = DistanceGraph.Read(draft.StageTwo) is { } distances
                ? DistanceGraph.Add(draft.StageTwo, distances.Keep(ids))
                : draft.StageTwo,
            Gallery = [.. rows.Select(r => draft.Gallery[r])],
            Images = [.. rows.Select(draft.ImageOf)],
            GalleryClasses = [.. rows.Select(r => ids[draft.GalleryClasses[r]])],
            Manifest = draft.Manifest with
            {
                Created = now,
                Data = WithNotes(draft.Manifest.Data, rows.Length),
                Detector = Kept(draft.Manifest.Detector),
            },
        };
        return NextVersion.Write(draft, root, version, [.. KeptGolden().Select(g => g with { ClassId = ids[g.ClassId] })]);
    }

    private UnknownDetector? Kept(UnknownDetector? detector) => detector?.ClassThresholds is not { } own ? detector : detector with
    {
        ClassThresholds = own.ExceptBy(_removed.Select(id => _bundle.Labels.Classes[id].Name), t => t.Key)
            .ToDictionary(StringComparer.Ordinal),
    };

    private IEnumerable<LabeledImage> KeptGolden() => NextVersion.GoldenImages(_bundle).Where(g => !_removed.Contains(g.ClassId));

    private int Find(string name)
    {
        var classes = _bundle.Labels.Classes;
        if (classes.FirstOrDefault(c => c.Name == name) is { } found)
        {
            return found.Id;
        }

        var similar = NearNames.Of(name, classes.Select(c => c.Name));
        var hint = similar.Count > 0 ? $"similar names: {string.Join(", ", similar)}" : $"{LabelSet.FileName} lists its classes";
        throw new UserErrorException($"{_bundle.Key} has no class \"{name}\"; {hint}");
    }

    private void RequireRest()
    {
        if (_removed.Count == _bundle.Labels.Classes.Count || Array.TrueForAll(_bundle.GalleryClasses, _removed.Contains))
        {
            throw new UserErrorException(
                $"{_bundle.Key}: a bundle needs at least one class with gallery rows, so the last one cannot be removed");
        }

        if (!KeptGolden().Any())
        {
            throw new UserErrorException(
                $"{_bundle.Key}: every golden image shows a class to remove, and a bundle without golden images cannot be verified; "
                    + "export a bundle without these classes, or remove fewer");
        }
    }

    private Dictionary<string, string> WithNotes(IReadOnlyDictionary<string, string> data, int rows)
    {
        var notes = new Dictionary<string, string>(data, StringComparer.Ordinal) { ["gallery"] = $"{rows:N0} rows" };
        foreach (var c in _bundle.Labels.Classes.Where(c => _removed.Contains(c.Id)))
        {
            notes.Remove(Enrollment.NoteOf(c.Name));
            notes[NoteOf(c.Name)] = $"with {_bundle.GalleryClasses.Count(id => id == c.Id)} gallery rows, from version {_bundle.Version}, "
                + "without training; metrics that were measured before include it";
        }

        return notes;
    }

    /// <summary>Key in the data of bundle.json.</summary>
    internal static string NoteOf(string className) => $"removed {className}";
}
