using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Measures how well a bundle recognizes classes it never saw after they are enrolled from a few photos. Each draw enrolls a few of these
/// classes in memory; the others stay unknown and are not part of the draw.
/// </summary>
/// <param name="bundle">A bundle trained without some classes.</param>
/// <param name="photos">Its outputs for training images of these classes, each with the embedding averaged over its views.</param>
/// <param name="tests">Its outputs for test images of all classes.</param>
/// <param name="seed">The same seed gives the same draws; more photos of a class include the fewer.</param>
internal sealed class EnrollmentDraws(
    ModelBundle bundle, IReadOnlyList<ImageOutputs> photos, IReadOnlyList<ImageOutputs> tests, int seed)
{
    public const int ClassesPerDraw = 5;
    private readonly GalleryRows _gallery = GalleryRows.Of(bundle);
    private readonly IReadOnlySet<int> _leftOut = LeftOutClasses.Of(bundle.Labels, bundle.GalleryClasses);

    /// <exception cref="UserErrorException">No class can be enrolled and tested.</exception>
    public EnrollmentResult Measure(int photosPerClass, int draws)
    {
        var tested = tests.Select(t => t.ClassId).Where(_leftOut.Contains).ToHashSet();
        var byClass = photos.Where(p => tested.Contains(p.ClassId)).GroupBy(p => p.ClassId).OrderBy(g => g.Key).ToArray();
        if (byClass.Length == 0)
        {
            throw new UserErrorException($"{bundle.Key}: no class that it left out has both images to enroll and images to test");
        }

        var others = tests.Where(t => !_leftOut.Contains(t.ClassId)).ToArray();
        var evaluator = new Evaluator(bundle);
        var before = Rate(others.Select(evaluator.Classify), c => c.Right);
        return new(photosPerClass, [.. Enumerable.Range(0, draws).Select(draw => Draw(draw, photosPerClass, byClass, others, before))]);
    }

    private EnrollmentDraw Draw(
        int draw, int photosPerClass, IGrouping<int, ImageOutputs>[] byClass, ImageOutputs[] others, double before)
    {
        var dice = Dice.For(seed, draw);
        var order = byClass.ToArray();
        dice.Shuffle<IGrouping<int, ImageOutputs>>(order);
        var chosen = order.Take(ClassesPerDraw).ToArray();
        var gallery = _gallery.Enroll([.. chosen.SelectMany(g => Pick(g, draw, photosPerClass))]);
        var ids = chosen.Select(g => g.Key).ToHashSet();
        var classes = bundle.Labels.Classes.Select(c => c with { Enrolled = ids.Contains(c.Id) });
        var enrolled = new EnrolledGallery(bundle, gallery, bundle.Labels with { Classes = [.. classes] });
        var byTrueClass = enrolled.Classify([.. tests.Where(t => ids.Contains(t.ClassId))]).GroupBy(c => c.TrueClass).ToArray();
        return new(
            byTrueClass.Average(g => Rate(g, c => c.Right)),
            byTrueClass.Average(g => Rate(g, c => c.Verdict.Top1ClassId == c.TrueClass)),
            byTrueClass.Average(g => Rate(g, c => c.Verdict.ClassId == c.TrueClass)),
            before - Rate(enrolled.Classify(others), c => c.Right));
    }

    private IEnumerable<ImageOutputs> Pick(IGrouping<int, ImageOutputs> photosOfClass, int draw, int count)
    {
        var dice = Dice.For(seed, draw, photosOfClass.Key + 1);
        var order = photosOfClass.ToArray();
        dice.Shuffle<ImageOutputs>(order);
        return order.Take(count);
    }

    private static double Rate(IEnumerable<ClassifiedImage> images, Func<ClassifiedImage, bool> predicate) =>
        images.Average(c => predicate(c) ? 1.0 : 0);
}
