namespace PartsWorker.Trainer.Checking;

/// <summary>Thresholds on the similarity of descriptors.</summary>
internal static class Similarity
{
    /// <summary>
    /// Lowest similarity of two images that count as copies. Measured on 300 photos: JPEG quality 20 to 90 and half the size keep 0.998;
    /// the most similar photos of two classes reach 0.978.
    /// </summary>
    public const float Copy = 0.995f;

    /// <summary>
    /// Largest difference of a copy in gray levels, because descriptors ignore brightness. The same copies differ by at most 4, photos of
    /// two classes by at least 18.
    /// </summary>
    public const float CopyDifference = 4;

    /// <summary>
    /// Lowest similarity of two images of one scene. Measured: 95 % of the frames of a turntable have a neighbor above 0.97; 95 % of the
    /// photos taken separately have no image of their class above 0.91.
    /// </summary>
    public const float Scene = 0.97f;

    /// <summary>Whether two images are copies of one image.</summary>
    public static bool IsCopy(ScannedImage a, ScannedImage b, float similarity) =>
        similarity >= Copy && a.Tone.Difference(b.Tone, similarity) <= CopyDifference;
}
