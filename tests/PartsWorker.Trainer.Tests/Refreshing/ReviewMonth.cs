using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Refreshing;

/// <summary>
/// Divides a data set into what a factory has at the start (half of the training photos of 30 classes), what its reviewers see in five
/// weeks, and test photos. The classes are spread over the data set; the photos follow the order of their file names.
/// </summary>
internal sealed class ReviewMonth
{
    public const int Known = 30;
    public const int Added = 10;
    public const int Weeks = 4;
    private const int Seed = 5;

    // New classes appear in these weeks.
    private static readonly int[] FirstWeek = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4];
    private readonly List<(string Path, int ClassId, int Week)> _reviewed = [];
    private readonly LabelSet _labels;
    private readonly DateTimeOffset _start;

    public ReviewMonth(string folder, DateTimeOffset start)
    {
        _start = start;
        var train = DataFolder.Open(folder, "train");
        var test = DataFolder.Open(folder, "test");
        // Every second class, so that fruits and cartons are among them, the first 30 known.
        int[] chosen = [.. train.Labels.Classes.Select(c => c.Id).Where(id => id % 2 == 0).Take(Known + Added)];
        _labels = train.Labels with { Classes = [.. chosen.Select((id, i) => train.Labels.Classes[id] with { Id = i })] };
        var known = _labels with { Classes = [.. _labels.Classes.Take(Known)] };
        var images = new List<LabeledImage>();
        foreach (var (i, id) in chosen.Index())
        {
            var photos = train.Images.Where(image => image.ClassId == id).Select(image => image.Path).ToArray();
            var first = i < Known ? photos.Length / 2 : 0;
            images.AddRange(photos.Take(first).Select(path => new LabeledImage(path, i)));
            var from = i < Known ? 1 : FirstWeek[i - Known];
            _reviewed.AddRange(photos.Skip(first).Select((path, at) => (path, i, from + (at % (Weeks + 2 - from)))));
        }

        Base = new("base", known, images);
        Test = new("test", _labels, [.. test.Images.Where(t => chosen.Contains(t.ClassId))
            .Select(t => t with { ClassId = Array.IndexOf(chosen, t.ClassId) })]);
        Frozen = Test with { Images = [.. Test.Images.Where((_, at) => at % 2 == 0)] };
    }

    public DataFolder Base { get; }

    /// <summary>All test photos of the 40 classes.</summary>
    public DataFolder Test { get; }

    /// <summary>Every second test photo: the frozen set of the refreshes.</summary>
    public DataFolder Frozen { get; }

    /// <summary>All reviews until the end of a week; a share of those of this week names another class.</summary>
    /// <param name="week">The week, from 1.</param>
    /// <param name="wrong">Share of wrong reviews in that week, 0..1; earlier weeks have 5 %.</param>
    public IReadOnlyList<Review> Reviews(int week, float wrong)
    {
        var reviews = new List<Review>();
        foreach (var (at, (path, id, when)) in _reviewed.Index().Where(r => r.Item.Week <= week))
        {
            var dice = Dice.For(Seed, at, 0);
            var named = dice.Chance(when == week ? wrong : 0.05f) ? dice.Below(Known) : id;
            var part = _labels.Classes[named];
            var captured = _start.AddDays(7 * (when - 1)).AddMinutes(at);
            reviews.Add(new(at, path, part.Name, _labels.Colors[part.Color], _labels.Shapes[part.Shape], captured));
        }

        return reviews;
    }
}
