using System.Numerics.Tensors;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>Measures what enrolling photos of one class would do, without writing anything.</summary>
/// <param name="bundle">The bundle before.</param>
/// <param name="labels">Its labels with the class.</param>
/// <param name="photos">Photos of the class: the outputs of each, and the same averaged over its views.</param>
internal sealed class EnrollmentCheck(
    ModelBundle bundle, LabelSet labels, IReadOnlyList<(ImageOutputs Plain, ImageOutputs Averaged)> photos)
{
    private const int Nearest = 3;
    private readonly GalleryRows _before = GalleryRows.Of(bundle);
    private readonly PartClass _part = labels.Classes[photos[0].Plain.ClassId];

    public EnrollmentReport Run()
    {
        var enrolled = Enroll(photos.Select(p => p.Averaged));
        var answers = Classify(enrolled, [.. photos.Select(p => p.Plain)]);
        return new()
        {
            Name = _part.Name,
            Known = bundle.GalleryClasses.Contains(_part.Id),
            Photos = photos.Count,
            LeftOut = LeaveOneOut(),
            Nearest = NearestClasses(),
            Color = Agreement(labels.Colors, _part.Color, answers.ConvertAll(a => a.Verdict.ColorId)),
            Shape = Agreement(labels.Shapes, _part.Shape, answers.ConvertAll(a => a.Verdict.ShapeId)),
            Endangered = Endangered(enrolled),
        };
    }

    private static AttributeAgreement Agreement(IReadOnlyList<string> names, int given, List<int> predicted)
    {
        var most = predicted.CountBy(id => id).MaxBy(c => c.Value);
        return new(names[given], predicted.Count(id => id == given), names[most.Key], most.Value);
    }

    private GalleryRows Enroll(IEnumerable<ImageOutputs> averaged) => _before.Enroll([.. averaged]);

    private List<ClassifiedImage> Classify(GalleryRows gallery, IReadOnlyList<ImageOutputs> images) =>
        new EnrolledGallery(bundle, gallery, labels).Classify(images);

    private LeftOutPhoto[] LeaveOneOut() =>
    [
        .. photos.Select((photo, i) => (photo.Plain, Gallery: Enroll(photos.Where((_, j) => j != i).Select(p => p.Averaged))))
            .Where(p => p.Gallery.Classes.Contains(_part.Id))
            .Select(p =>
            {
                var answer = Classify(p.Gallery, [p.Plain])[0];
                var similarity = Highest(p.Plain.Embedding, p.Gallery, _part.Id);
                return new LeftOutPhoto(
                    labels.Classes[answer.Answer].Name, answer.Right, answer.Verdict.ClassId == _part.Id, similarity);
            }),
    ];

    private SimilarClass[] NearestClasses() =>
    [
        .. bundle.GalleryClasses.Distinct().Where(id => id != _part.Id)
            .Select(id => new SimilarClass(labels.Classes[id].Name, photos.Average(p => Highest(p.Plain.Embedding, _before, id))))
            .OrderByDescending(c => c.Similarity)
            .Take(Nearest),
    ];

    private EndangeredClass[] Endangered(GalleryRows enrolled)
    {
        var rows = LostRows(enrolled).CountBy(id => id).ToDictionary();
        var golden = GoldenImages();
        var lost = golden.Zip(Classify(enrolled, golden.ConvertAll(g => g.Image)))
            .Where(g => g.First.Answer != _part.Id && g.Second.Answer == _part.Id)
            .CountBy(g => g.Second.TrueClass)
            .ToDictionary();
        return
        [
            .. rows.Keys.Union(lost.Keys)
                .Select(id => new EndangeredClass(
                    labels.Classes[id].Name,
                    rows.GetValueOrDefault(id),
                    _before.Classes.Count(c => c == id),
                    lost.GetValueOrDefault(id),
                    golden.Count(g => g.Image.ClassId == id)))
                .OrderByDescending(c => c.LostGolden).ThenByDescending(c => c.LostRows / (double)Math.Max(1, c.Rows)),
        ];
    }

    /// <summary>The class of each old row whose nearest other row has its class now and would have the new class.</summary>
    private IEnumerable<int> LostRows(GalleryRows enrolled)
    {
        for (var row = 0; row < _before.Rows.Count; row++)
        {
            var (vector, id) = (_before.Rows[row], _before.Classes[row]);
            if (id == _part.Id)
            {
                continue;
            }

            var own = Highest(vector, _before, id, except: row);
            if (own > -1 && Highest(vector, enrolled, _part.Id) > own && Others(vector, id) <= own)
            {
                yield return id;
            }
        }
    }

    private float Others(float[] vector, int id) => _before.Rows.Zip(_before.Classes)
        .Where(r => r.Second != id)
        .Select(r => TensorPrimitives.Dot(vector, r.First))
        .DefaultIfEmpty(-1)
        .Max();

    private List<(ImageOutputs Image, int Answer)> GoldenImages()
    {
        var evaluator = new Evaluator(bundle);
        using var runner = new BundleRunner(bundle, ExecutionDevice.Cpu);
        return runner.Run([.. NextVersion.GoldenImages(bundle).Where(g => g.ClassId != _part.Id)], [])
            .ConvertAll(image => (image, evaluator.Classify(image).Answer));
    }

    /// <summary>Highest cosine with a row of a class; -1 without rows.</summary>
    private static float Highest(float[] vector, GalleryRows gallery, int classId, int except = -1)
    {
        var highest = -1f;
        for (var row = 0; row < gallery.Rows.Count; row++)
        {
            if (gallery.Classes[row] == classId && row != except)
            {
                highest = Math.Max(highest, TensorPrimitives.Dot(vector, gallery.Rows[row]));
            }
        }

        return highest;
    }
}
