using System.Runtime.InteropServices;

namespace PartsWorker.Trainer.Checking;

/// <summary>
/// Recall of a class against the share of its images in the gallery. The recall of the nearest image needs no random draws: an image is
/// recognized if the gallery contains at least one of the k images of its class that are more similar than every other class, and a random
/// choice of m of N images misses all k with probability C(N-k, m) / C(N, m).
/// </summary>
internal sealed class LearningCurve
{
    private readonly List<Query> _queries = [];

    /// <summary>The shares that are measured.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0.25, 0.5, 1];

    /// <summary>Number of images that the curve is measured on.</summary>
    public int Images => _queries.Count;

    /// <summary>Mean number of gallery rows of the class per image.</summary>
    public double Rows => _queries.Count == 0 ? 0 : _queries.Average(q => q.Rows);

    /// <param name="rows">Gallery rows of the class, 1 or more; the image itself and its copies do not count.</param>
    /// <param name="closer">How many of them are more similar to the image than each row of another class.</param>
    public void Add(int rows, int closer) => _queries.Add(new(rows, closer));

    /// <summary>Expected recall, 0..1, with a random share (0..1) of the class's images in the gallery.</summary>
    public double Recall(double share) => _queries.Count == 0 ? 0 : _queries.Average(q => 1 - Missed(q, share * q.Rows));

    /// <summary>Linear between the two whole numbers of rows around <paramref name="chosen"/>.</summary>
    private static double Missed(Query query, double chosen)
    {
        var below = (int)Math.Floor(chosen);
        var above = Math.Min(below + 1, query.Rows);
        return Missed(query, below) + ((chosen - below) * (Missed(query, above) - Missed(query, below)));
    }

    private static double Missed(Query query, int chosen)
    {
        var missed = 1.0;
        for (var drawn = 0; drawn < chosen; drawn++)
        {
            missed *= Math.Max(0, query.Rows - query.Closer - drawn) / (double)(query.Rows - drawn);
        }

        return missed;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Query(int Rows, int Closer);
}
