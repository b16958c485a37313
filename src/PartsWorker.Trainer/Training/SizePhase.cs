using System.Globalization;

namespace PartsWorker.Trainer.Training;

/// <summary>A part of a run with one input size.</summary>
/// <param name="Size">Side of the square images in pixels.</param>
/// <param name="From">Completed share of the run, 0..1, from which this size is used.</param>
internal sealed record SizePhase(int Size, double From)
{
    /// <summary>Parses <c>128:0.6,160</c>: 128 px for the first 60 percent of the run, then 160 px.</summary>
    /// <exception cref="FormatException">The text has another form, or the shares do not rise.</exception>
    public static IReadOnlyList<SizePhase> Parse(string text)
    {
        var phases = new List<SizePhase>();
        var from = 0.0;
        foreach (var part in text.Split(','))
        {
            var pair = part.Split(':');
            phases.Add(new SizePhase(SizeOf(pair[0]), from));
            var until = pair.Length == 1 ? 1 : double.Parse(pair[1], CultureInfo.InvariantCulture);
            from = until > from && until <= 1 ? until : throw new FormatException("the shares must rise and not exceed 1");
        }

        return from == 1 ? phases : throw new FormatException("the last size must have no share");
    }

    private static int SizeOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size is >= InputSizes.Smallest and <= InputSizes.Largest
            ? size
            : throw new FormatException($"'{text}' is not a size of {InputSizes.Smallest} to {InputSizes.Largest} pixels");

    public override string ToString() => $"{Size} px from {From:P0}";
}
