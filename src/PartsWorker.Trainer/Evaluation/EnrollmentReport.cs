namespace PartsWorker.Trainer.Evaluation;

/// <summary>How well a class separates from the others, and which of them it endangers, measured before it is enrolled.</summary>
internal sealed record EnrollmentReport
{
    /// <summary>An old class is in danger if it would lose this share of its gallery rows, and at least two.</summary>
    private const double RowsInDanger = 0.25;

    private const int FewestRowsInDanger = 2;

    public required string Name { get; init; }

    /// <summary>Whether the bundle has the class already and only gets more photos.</summary>
    public required bool Known { get; init; }

    public required int Photos { get; init; }

    /// <summary>Per photo the answer of a gallery with the other photos only. A single photo of a new class has none.</summary>
    public required IReadOnlyList<LeftOutPhoto> LeftOut { get; init; }

    /// <summary>The most similar old classes, most similar first.</summary>
    public required IReadOnlyList<SimilarClass> Nearest { get; init; }

    /// <summary>The given color against the predictions of the meta model.</summary>
    public required AttributeAgreement Color { get; init; }

    /// <summary>The given shape against the predictions of the meta model.</summary>
    public required AttributeAgreement Shape { get; init; }

    /// <summary>Old classes that would lose gallery rows or golden images, the largest loss first.</summary>
    public required IReadOnlyList<EndangeredClass> Endangered { get; init; }

    /// <summary>Photos that are recognized from the other photos.</summary>
    public int Recognized => LeftOut.Count(p => p.Right);

    /// <summary>Reasons not to enroll the class, one clause each; empty if there are none.</summary>
    public IReadOnlyList<string> Doubts => [.. OwnDoubts(), .. Endangered.Where(IsInDanger).Select(Describe)];

    private IEnumerable<string> OwnDoubts()
    {
        if (!Known && LeftOut.Count == 0)
        {
            yield return "one photo does not show how well the class separates; give five to twenty";
        }
        else if (!Known && Recognized * 2 < LeftOut.Count)
        {
            yield return $"only {Recognized} of {LeftOut.Count} photos are recognized from the others";
        }
    }

    private static bool IsInDanger(EndangeredClass c) =>
        c.LostGolden > 0 || (c.LostRows >= FewestRowsInDanger && c.LostRows >= RowsInDanger * c.Rows);

    private static string Describe(EndangeredClass c) =>
        $"{c.Name} would lose {c.LostRows} of {c.Rows} gallery rows and {c.LostGolden} of {c.Golden} golden images";
}

/// <summary>A photo classified by a gallery that contains the other photos of its class.</summary>
/// <param name="Answer">Fused answer, before the thresholds.</param>
/// <param name="Right">Whether it is the class of the photo.</param>
/// <param name="Accepted">Whether it is right and the thresholds accept it.</param>
/// <param name="Similarity">Highest cosine with a row of its class.</param>
internal sealed record LeftOutPhoto(string Answer, bool Right, bool Accepted, double Similarity);

/// <summary>A given color or shape against the predictions for the photos.</summary>
/// <param name="Given">The given value.</param>
/// <param name="Agree">Photos for which it is predicted.</param>
/// <param name="Predicted">The value that is predicted most often.</param>
/// <param name="Count">Photos for which that is predicted.</param>
internal sealed record AttributeAgreement(string Given, int Agree, string Predicted, int Count);

/// <summary>An old class and the mean over the photos of their highest cosine with one of its rows.</summary>
internal sealed record SimilarClass(string Name, double Similarity);

/// <summary>What the new class would take from an old one.</summary>
/// <param name="Name">The old class.</param>
/// <param name="LostRows">Its gallery rows that are now closest to another of its rows and would be closest to the new class.</param>
/// <param name="Rows">Its gallery rows.</param>
/// <param name="LostGolden">Its golden images that the new class would answer.</param>
/// <param name="Golden">Its golden images.</param>
internal sealed record EndangeredClass(string Name, int LostRows, int Rows, int LostGolden, int Golden);
