using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>Divides base data, reviews and the frozen set, and refuses sets that would make the comparison wrong.</summary>
/// <param name="serving">The bundle to refresh.</param>
/// <param name="recentFrom">
/// Reviews of images captured at or after this time are recent: the serving bundle was not trained on them.
/// </param>
/// <param name="every">One of this many recent reviews is held out.</param>
internal sealed class RefreshDataBuilder(ModelBundle serving, DateTimeOffset recentFrom, int every)
{
    private readonly ImageHashes _hashes = new();
    private readonly LabelUnion _labels = new(serving.Labels);

    /// <exception cref="UserErrorException">
    /// There are no held-out reviews, a class has no images, or a frozen image is a training image.
    /// </exception>
    public RefreshData Build(DataFolder given, IReadOnlyList<Review> reviews, DataFolder frozen)
    {
        var training = Relabel(given);
        var (kept, heldOut) = Split(training, reviews);
        training.AddRange(kept);
        RequireEveryClass(training, given.Path);
        var test = FrozenImages(frozen);
        RequireNever(training, test, frozen.Path);
        var labels = _labels.Labels;
        return new()
        {
            Serving = serving.Key,
            Labels = labels,
            NewClasses = [.. labels.Classes.Skip(serving.Labels.Classes.Count).Select(c => c.Name)],
            Training = training,
            TrainingReviews = kept.Count,
            Recent = heldOut.Count > 0 ? heldOut : throw new UserErrorException(
                $"no held-out reviews: {reviews.Count} images are reviewed, and of those captured since {recentFrom:u} "
                    + $"one of {every} is held out; wait for more reviews, or give an earlier --recent-from",
                exitCode: 1),
            Frozen = test,
        };
    }

    /// <summary>The base data. Its colors and shapes apply where they differ from those of the bundle.</summary>
    private List<LabeledImage> Relabel(DataFolder given)
    {
        var ids = given.Images.Select(i => i.ClassId).Distinct().ToDictionary(id => id, id =>
        {
            var c = given.Labels.Classes[id];
            return _labels.Set(c.Name, given.Labels.Colors[c.Color], given.Labels.Shapes[c.Shape]);
        });
        return [.. given.Images.Select(i => i with { ClassId = ids[i.ClassId] })];
    }

    private (List<LabeledImage> Training, List<LabeledImage> HeldOut) Split(List<LabeledImage> given, IReadOnlyList<Review> reviews)
    {
        // A file that was published more than once has the class of its last capture.
        var labeled = reviews.GroupBy(r => r.Path, StringComparer.Ordinal).Select(g => g.Last())
            .Select(r => (Image: new LabeledImage(r.Path, _labels.IdOf(r.Class, r.Color, r.Shape)), r.CapturedAt))
            .ToArray();
        var older = labeled.Where(r => r.CapturedAt < recentFrom).Select(r => r.Image).ToList();
        var recent = labeled.Where(r => r.CapturedAt >= recentFrom).Select(r => r.Image).ToList();
        var trained = _hashes.Of([.. given, .. older]);
        _hashes.Of(recent);
        var sides = recent.ToLookup(i => ReviewSplit.IsHeldOut(_hashes.Of(i.Path), every) && !trained.Contains(_hashes.Of(i.Path)));
        // A class without any training image would have no gallery row.
        var classes = given.Concat(older).Concat(sides[false]).Select(i => i.ClassId).ToHashSet();
        var lonely = sides[true].Where(i => !classes.Contains(i.ClassId));
        return ([.. older, .. sides[false], .. lonely], [.. sides[true].Where(i => classes.Contains(i.ClassId))]);
    }

    private void RequireEveryClass(List<LabeledImage> training, string path)
    {
        var trained = training.Select(i => i.ClassId).ToHashSet();
        if (serving.GalleryClasses.Where(id => !trained.Contains(id)).Distinct().ToArray() is [var first, .. var others])
        {
            var more = others.Length > 0 ? $" and {others.Length} more" : string.Empty;
            throw new UserErrorException(
                $"{path}: {serving.Key} knows class \"{serving.Labels.Classes[first].Name}\"{more}, but there are no images of it; "
                    + "add them to --data, because the new version takes its gallery from these images");
        }
    }

    private List<LabeledImage> FrozenImages(DataFolder frozen)
    {
        var known = serving.Labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var images = frozen.Images
            .Select(i => i with { ClassId = known.GetValueOrDefault(frozen.Labels.Classes[i.ClassId].Name, -1) })
            .Where(i => i.ClassId >= 0)
            .DistinctBy(i => i.Path)
            .ToList();
        return images.Count > 0 ? images : throw new UserErrorException(
            $"{frozen.Path}: contains no images of the classes of {serving.Key}");
    }

    private void RequireNever(List<LabeledImage> training, List<LabeledImage> frozen, string path)
    {
        var trained = _hashes.Of(training);
        _hashes.Of(frozen);
        if (frozen.Find(i => trained.Contains(_hashes.Of(i.Path))) is { } image)
        {
            var twin = training.Find(i => _hashes.Of(i.Path) == _hashes.Of(image.Path))!;
            throw new UserErrorException(
                $"{image.Path}: the frozen set {path} must never be trained on, but this image is identical to the training image "
                    + $"{twin.Path}; remove one of them");
        }
    }
}
