namespace PartsWorker.Bundles.Fusion;

/// <summary>The classes among the hits of one image, on the caller's stack: id, best cosine and summed hit weight of each.</summary>
internal ref struct CandidateList(Span<int> ids, Span<double> similarities, Span<double> hitWeights)
{
    private readonly Span<int> _ids = ids;
    private readonly Span<double> _similarities = similarities;
    private readonly Span<double> _hitWeights = hitWeights;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<int> Ids => _ids[..Count];

    public readonly ReadOnlySpan<double> Similarities => _similarities[..Count];

    /// <summary>Per class the sum of its hits' <c>exp((s_k - s_1) / T1)</c>, relative to the best hit so that nothing overflows.</summary>
    public readonly ReadOnlySpan<double> HitWeights => _hitWeights[..Count];

    public void Add(int classId, double similarity, double weight)
    {
        var at = _ids[..Count].IndexOf(classId);
        if (at < 0)
        {
            at = Count++;
            _ids[at] = classId;
            _similarities[at] = similarity;
            _hitWeights[at] = weight;
        }
        else
        {
            _similarities[at] = Math.Max(_similarities[at], similarity);
            _hitWeights[at] += weight;
        }
    }

    /// <summary>The most probable candidates, best first; ties go to the lower id.</summary>
    /// <param name="probabilities">One per candidate.</param>
    /// <param name="count">How many at most.</param>
    public readonly Candidate[] Best(ReadOnlySpan<double> probabilities, int count)
    {
        var best = new Candidate[Math.Min(count, Count)];
        var found = 0;
        for (var i = 0; i < Count; i++)
        {
            var candidate = new Candidate(_ids[i], probabilities[i], (float)_similarities[i]);
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
