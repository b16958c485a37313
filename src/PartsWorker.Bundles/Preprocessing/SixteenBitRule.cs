using System.Globalization;
using System.Text.RegularExpressions;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// How samples of 16 bits become 8 bits. Cameras of 10, 12 or 14 bits write files of 16 bits; taking the upper 8 of such a file gives an
/// almost black image. Each rule drops <c>depth - 8</c> low bits; they differ in how the depth is found.
/// </summary>
public sealed record SixteenBitRule
{
    /// <summary>
    /// The depth is the smallest of 8, 10, 12, 14 and 16 bits that holds the largest color sample of the file. The default.
    /// </summary>
    public const string Range = "range";

    /// <summary>The depth is always 16.</summary>
    public const string Full = "full";

    /// <summary>The depth is 16; a file without a sample of 16384 or more, which has fewer bits or is dark, is refused.</summary>
    public const string Refuse = "refuse";

    /// <summary>The values that <see cref="Parse"/> takes.</summary>
    public const string Pattern = "^(range|full|refuse|8|9|1[0-6])$";

    private SixteenBitRule(string name, int depth) => (Name, Depth) = (name, depth);

    public static SixteenBitRule Default { get; } = Parse(null);

    public string Name { get; }

    /// <summary>8..16 if every file has this depth; 0 if the samples decide.</summary>
    internal int Depth { get; }

    public static bool IsRule(string? text) =>
        text is null || Regex.IsMatch(text, Pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <param name="text"><c>range</c>, <c>full</c>, <c>refuse</c> or a depth from 8 to 16; null = <c>range</c>.</param>
    /// <exception cref="ArgumentException">Another text.</exception>
    public static SixteenBitRule Parse(string? text) => text switch
    {
        null or Range => new(Range, 0),
        Full => new(Full, 16),
        Refuse => new(Refuse, 0),
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var depth) && depth is >= 8 and <= 16 =>
            new(text, depth),
        _ => throw new ArgumentException(
            $"'{text}' is not a rule for images of 16 bits; choose range, full, refuse or a depth from 8 to 16"),
    };
}
