using System.Globalization;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// Divides recent reviews into a test set and training images by the hash of the image. The answer for an image never depends on other
/// images, and copies of an image are on the same side.
/// </summary>
internal static class ReviewSplit
{
    public const int DefaultEvery = 5;
    private const int HashDigits = 8;

    /// <summary>Whether an image belongs to the test set.</summary>
    /// <param name="sha256">Hash of the file in hexadecimal digits.</param>
    /// <param name="every">One of this many images is held out, 2..100.</param>
    public static bool IsHeldOut(string sha256, int every)
    {
        var digits = sha256.AsSpan(0, Math.Min(HashDigits, sha256.Length));
        return uint.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) && number % (uint)every == 0;
    }
}
