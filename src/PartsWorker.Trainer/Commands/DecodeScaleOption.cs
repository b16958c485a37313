using System.CommandLine;
using System.Text.Json;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Commands;

/// <summary>An option or argument whose values are those of <c>decodeScale</c> in a bundle: full, half-reserve, no-reserve.</summary>
internal static class DecodeScaleOption
{
    private const string Description =
        "How far a worker may shrink large JPEGs while it decodes them: full (not at all), half-reserve (both sides keep twice the length "
        + "that the network reads) or no-reserve (they keep that length). Shrinking costs a fraction of the time for camera-sized images.";

    private static readonly Dictionary<string, DecodeScale> Values =
        Enum.GetValues<DecodeScale>().ToDictionary(NameOf, StringComparer.Ordinal);

    public static Option<DecodeScale> Create(DecodeScale usual)
    {
        var option = new Option<DecodeScale>("--decode-scale")
        {
            Description = $"{Description} Default: {NameOf(usual)}.",
            HelpName = string.Join('|', Values.Keys),
            CustomParser = result => Values[result.Tokens[0].Value],
            DefaultValueFactory = _ => usual,
        };
        option.AcceptOnlyFromAmong([.. Values.Keys]);
        return option;
    }

    public static Argument<DecodeScale> CreateArgument()
    {
        var argument = new Argument<DecodeScale>("scale")
        {
            Description = Description,
            HelpName = string.Join('|', Values.Keys),
            CustomParser = result => Values[result.Tokens[0].Value],
        };
        argument.AcceptOnlyFromAmong([.. Values.Keys]);
        return argument;
    }

    public static string NameOf(DecodeScale scale) => JsonSerializer.SerializeToElement(scale).GetString()!;
}
