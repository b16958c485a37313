using PartsWorker.Bundles.Fusion;
using PartsWorker.Serving;

namespace PartsWorker.Classifying;

/// <summary>The answer of a model for one file, with names in place of ids; its JSON has the same properties in camel case.</summary>
/// <param name="File">Name of the file, as given.</param>
/// <param name="Class">Null when the decision is <c>unknown</c>.</param>
/// <param name="ClassId">Null when the decision is <c>unknown</c>.</param>
/// <param name="Decision"><c>accepted</c> or <c>unknown</c>.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Color">Color by the meta model.</param>
/// <param name="ColorConfidence">0 to 1.</param>
/// <param name="Shape">Shape by the meta model.</param>
/// <param name="ShapeConfidence">0 to 1.</param>
/// <param name="MaxSimilarity">Highest cosine to the gallery, -1 to 1.</param>
/// <param name="Top1Class">Class of the best hit alone.</param>
/// <param name="FilterClass">Answer of the filter rule.</param>
/// <param name="FilterPath">What the filter rule had to give up.</param>
/// <param name="Top5">The best candidates, best first.</param>
/// <param name="Width">Pixels, EXIF orientation applied.</param>
/// <param name="Height">Pixels, EXIF orientation applied.</param>
/// <param name="Model">Model key.</param>
/// <param name="Fault">Why the image is too bad to be accepted, such as <c>blurred</c>; null for a good image.</param>
public sealed record ClassifiedImage(
    string File,
    string? Class,
    int? ClassId,
    string Decision,
    double Confidence,
    string Color,
    double ColorConfidence,
    string Shape,
    double ShapeConfidence,
    double MaxSimilarity,
    string Top1Class,
    string FilterClass,
    string FilterPath,
    IReadOnlyList<ClassifiedCandidate> Top5,
    int Width,
    int Height,
    string Model,
    string? Fault)
{
    internal static ClassifiedImage Of(string file, (int Width, int Height) size, Verdict verdict, IServedModel model) => new(
        file,
        verdict.ClassId is { } id ? model.ClassNames[id] : null,
        verdict.ClassId,
        verdict.Decision,
        verdict.Confidence,
        model.ColorName(verdict.ColorId),
        verdict.ColorConfidence,
        model.ShapeName(verdict.ShapeId),
        verdict.ShapeConfidence,
        verdict.MaxSimilarity,
        model.ClassNames[verdict.Top1ClassId],
        model.ClassNames[verdict.FilterClassId],
        verdict.FilterPath,
        [.. verdict.Top5.Select(candidate => new ClassifiedCandidate(
            model.ClassNames[candidate.ClassId], candidate.Confidence, candidate.Similarity))],
        size.Width,
        size.Height,
        model.Key,
        verdict.Fault);
}

/// <param name="Class">Name of the class.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Similarity">Cosine to its nearest gallery row, -1 to 1.</param>
public sealed record ClassifiedCandidate(string Class, double Confidence, float Similarity);
