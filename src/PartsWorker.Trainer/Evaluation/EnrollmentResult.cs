using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Measurements after a few never trained classes were enrolled. Rates are 0..1.</summary>
/// <param name="Recall">Right fused answers on the new classes, before the thresholds; mean over the classes.</param>
/// <param name="EmbedderRecall">The same for the best hit alone.</param>
/// <param name="AcceptedRecall">Fused answers that are right and accepted by the thresholds.</param>
/// <param name="OthersLost">Drop of fused top-1 on the classes that were known before.</param>
internal sealed record EnrollmentDraw(double Recall, double EmbedderRecall, double AcceptedRecall, double OthersLost);

/// <summary>Means and standard deviations over draws of classes and photos.</summary>
/// <param name="Photos">Photos per new class; a class with fewer training images uses all of them.</param>
/// <param name="Draws">The draws.</param>
internal sealed record EnrollmentResult(int Photos, [property: JsonIgnore] IReadOnlyList<EnrollmentDraw> Draws)
{
    [JsonPropertyName("draws")]
    public int Count => Draws.Count;

    public Spread Recall => Spread.Of(Draws.Select(d => d.Recall));

    [JsonPropertyName("embedder_recall")]
    public Spread EmbedderRecall => Spread.Of(Draws.Select(d => d.EmbedderRecall));

    [JsonPropertyName("accepted_recall")]
    public Spread AcceptedRecall => Spread.Of(Draws.Select(d => d.AcceptedRecall));

    [JsonPropertyName("others_lost")]
    public Spread OthersLost => Spread.Of(Draws.Select(d => d.OthersLost));
}
