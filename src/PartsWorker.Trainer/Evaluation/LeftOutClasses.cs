using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Finds the fold of classes that a bundle never saw: the classes without a gallery row.</summary>
internal static class LeftOutClasses
{
    /// <returns>The fold of each bundle, in the order of the bundles.</returns>
    /// <exception cref="UserErrorException">The bundles do not leave out each class exactly once.</exception>
    public static int[] FindFolds(IReadOnlyList<ModelBundle> bundles, int folds)
    {
        if (bundles.Count != folds)
        {
            throw new UserErrorException(
                $"--leave-classes-out {folds} needs {folds} bundles, one per fold, but --bundle names {bundles.Count}");
        }

        var found = bundles.Select(b => FindFold(b.Key, b.Labels, b.GalleryClasses, b.Manifest.Data, folds)).ToArray();
        RequireDistinct([.. bundles.Select(b => b.Key)], found, folds);
        return found;
    }

    /// <exception cref="UserErrorException">Two bundles leave out the same fold.</exception>
    internal static void RequireDistinct(string[] keys, int[] found, int folds)
    {
        if (found.GroupBy(f => f).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new UserErrorException(
                $"{ClassFolds.Describe(folds, twice.Key)} is left out by more than one bundle: "
                    + $"{string.Join(", ", keys.Where((_, i) => found[i] == twice.Key))}; give one bundle per fold");
        }
    }

    /// <param name="key">Model key, for error messages.</param>
    /// <param name="labels">All classes, with those left out.</param>
    /// <param name="galleryClasses">Class of each gallery row.</param>
    /// <param name="data">Entries of <c>data</c> in bundle.json.</param>
    /// <param name="folds">Number of folds.</param>
    public static int FindFold(
        string key, LabelSet labels, IReadOnlyCollection<int> galleryClasses, IReadOnlyDictionary<string, string> data, int folds)
    {
        var missing = Of(labels, galleryClasses);
        var fold = Enumerable.Range(0, folds).FirstOrDefault(f => ClassFolds.LeftOut(labels, folds, f).SetEquals(missing), -1);
        if (fold < 0)
        {
            throw new UserErrorException(
                $"{key}: {missing.Count} of {labels.Classes.Count} classes have no gallery row, and they are not a fold of {folds}; "
                    + $"train and export the bundle with --leave-classes-out {folds} --fold F");
        }

        return !data.TryGetValue(ClassFolds.DataKey, out var recorded) || recorded == ClassFolds.Describe(folds, fold)
            ? fold
            : throw new UserErrorException(
                $"{key}: its gallery lacks {ClassFolds.Describe(folds, fold)}, but its networks were trained without {recorded}; "
                    + "train and export with the same --fold");
    }

    /// <summary>The classes without a gallery row.</summary>
    public static IReadOnlySet<int> Of(LabelSet labels, IReadOnlyCollection<int> galleryClasses) =>
        labels.Classes.Select(c => c.Id).Except(galleryClasses).ToHashSet();
}
