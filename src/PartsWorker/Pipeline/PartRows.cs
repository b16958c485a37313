using PartsWorker.Client;
using PartsWorker.Results;

namespace PartsWorker.Pipeline;

/// <summary>Turns a classified part into its row in the results.</summary>
internal static class PartRows
{
    public static ResultRow Create(Part part, string worker)
    {
        var (reference, verdict, model) = (part.Reference, part.Verdict!, part.Model);
        return new ResultRow
        {
            ImageId = reference.ImageId,
            CapturedAt = reference.CapturedAt,
            Line = reference.Line,
            Camera = reference.Camera,
            Uri = reference.Uri,
            Sha256 = reference.Sha256,
            AttributesJson = ImageReferenceCodec.AttributesJson(reference),
            ModelKey = model.Key,
            Precision = model.Precision,
            ModelTime = part.ModelTime,
            Lane = PartsTopology.NameOf(part.Delivery.Lane),
            Shadow = part.Shadow,
            ClassId = verdict.ClassId,
            ClassName = verdict.ClassId is { } id ? model.ClassNames[id] : null,
            Decision = verdict.Decision,
            Confidence = (float)verdict.Confidence,
            Color = model.ColorName(verdict.ColorId),
            ColorConfidence = (float)verdict.ColorConfidence,
            Shape = model.ShapeName(verdict.ShapeId),
            ShapeConfidence = (float)verdict.ShapeConfidence,
            MaxSimilarity = (float)verdict.MaxSimilarity,
            Top1Class = model.ClassNames[verdict.Top1ClassId],
            FilterClass = model.ClassNames[verdict.FilterClassId],
            FilterPath = verdict.FilterPath,
            Top5 = verdict.Top5,
            ClassNames = model.ClassNames,
            Width = part.Width,
            Height = part.Height,
            Quality = verdict.Quality,
            Fault = verdict.Fault,
            PublishedAt = part.Delivery.PublishedAt,
            ReceivedAt = part.Delivery.ReceivedAt,
            Attempts = part.Delivery.Attempts + 1,
            WorkerName = worker,
        };
    }
}
