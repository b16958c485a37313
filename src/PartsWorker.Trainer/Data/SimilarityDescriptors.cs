namespace PartsWorker.Trainer.Data;

/// <summary>The <see cref="SceneDescriptor"/> of each image of a cache.</summary>
internal sealed class SimilarityDescriptors
{
    private const int Length = SceneDescriptor.Length;
    private readonly float[] _values;

    public SimilarityDescriptors(PixelCache cache)
    {
        _values = new float[cache.Count * Length];
        Parallel.For(0, cache.Count, i => SceneDescriptor.Describe(cache.Pixels(i), cache.Size, _values.AsSpan(i * Length, Length)));
    }

    public float Similarity(int a, int b) =>
        SceneDescriptor.Similarity(_values.AsSpan(a * Length, Length), _values.AsSpan(b * Length, Length));
}
