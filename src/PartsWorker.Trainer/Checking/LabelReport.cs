namespace PartsWorker.Trainer.Checking;

/// <summary>What bundles found about the labels of a data set.</summary>
/// <param name="Models">Keys of the bundles.</param>
/// <param name="Checked">Images whose label could be checked: their class has another image that is not a copy.</param>
/// <param name="Recall">Share of them that the other images classify as labeled, 0..1.</param>
/// <param name="SuspectCount">Number of suspects, listed or not.</param>
/// <param name="Suspects">The first suspects.</param>
/// <param name="Confusions">Class pairs, the most confused first.</param>
/// <param name="Needs">Classes, the largest gain by further images first.</param>
internal sealed record LabelReport(
    IReadOnlyList<string> Models,
    int Checked,
    double Recall,
    int SuspectCount,
    IReadOnlyList<LabelSuspect> Suspects,
    IReadOnlyList<ConfusedPair> Confusions,
    IReadOnlyList<LearningNeed> Needs);

/// <summary>An image whose label is probably wrong.</summary>
/// <param name="Path">The file.</param>
/// <param name="Given">Its label.</param>
/// <param name="Suggested">The label that it probably should have.</param>
/// <param name="Confidence">Probability of the suggested label, 0..1.</param>
/// <param name="Loss">Negative log probability of the given label, 0..13.8.</param>
/// <param name="NearestSuggested">The most similar images with the suggested label.</param>
/// <param name="NearestGiven">The most similar images with the given label.</param>
internal sealed record LabelSuspect(
    string Path,
    string Given,
    string Suggested,
    double Confidence,
    double Loss,
    IReadOnlyList<string> NearestSuggested,
    IReadOnlyList<string> NearestGiven);
