namespace PartsWorker.Bundles.Fusion;

/// <summary>The classes among the hits of one image, on the caller's stack: id, best cosine and fused score of each.</summary>
internal ref struct CandidateList(Span<int> ids, Span<double> similarities, Span<double> fused)
{
    private readonly Span<int> _ids = ids;
    private readonly Span<double> _similarities = similarities;
    private readonly Span<double> _fused = fused;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<int> Ids => _ids[..Count];

    public readonly ReadOnlySpan<double> Similarities => _similarities[..Count];

    /// <summary>Summed weights of the hits at first, then f_c, probabilities after <see cref="Normalize"/>.</summary>
    public readonly Span<double> Fused => _fused[..Count];

    public void Add(int classId, double similarity, double weight)
    {
        var at = _ids[..Count].IndexOf(classId);
        if (at < 0)
        {
            at = Count++;
            _ids[at] = classId;
            _similarities[at] = similarity;
            _fused[at] = weight;
        }
        else
        {
            _similarities[at] = Math.Max(_similarities[at], similarity);
            _fused[at] += weight;
        }
    }

    public readonly void Normalize()
    {
        var max = double.NegativeInfinity;
        foreach (var f in Fused)
        {
            max = Math.Max(max, f);
        }

        double sum = 0;
        foreach (ref var f in Fused)
        {
            f = Math.Exp(f - max);
            sum += f;
        }

        foreach (ref var f in Fused)
        {
            f /= sum;
        }
    }

    /// <summary>The best candidates by fused score, best first; ties go to the lower id.</summary>
    public readonly Candidate[] Best(int count)
    {
        var best = new Candidate[Math.Min(count, Count)];
        var found = 0;
        for (var i = 0; i < Count; i++)
        {
            var candidate = new Candidate(_ids[i], _fused[i], (float)_similarities[i]);
            var at = found;
            while (at > 0 && Precedes(candidate, best[at - 1]))
            {
                at--;
            }

            if (at < best.Length)
            {
                found = Math.Min(found + 1, best.Length);
                best.AsSpan(at, found - at - 1).CopyTo(best.AsSpan(at + 1));
                best[at] = candidate;
            }
        }

        return best;
    }

    private static bool Precedes(in Candidate a, in Candidate b) =>
        a.Confidence > b.Confidence || (a.Confidence == b.Confidence && a.ClassId < b.ClassId);
}
