using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace PartsWorker.Commands;

/// <summary>An option that takes a moment: RFC 3339, or a day alone, which is its midnight in UTC.</summary>
internal static class MomentOption
{
    public static Option<DateTimeOffset> Create(string name, string description) => new(name)
    {
        Description = $"{description} (2026-11-20, or 2026-11-20T22:00:00+01:00; without an offset it is UTC).",
        Required = true,
        CustomParser = Parse,
    };

    private static DateTimeOffset Parse(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
        {
            return moment;
        }

        argument.AddError($"'{text}' is no moment: write 2026-11-20 or 2026-11-20T22:00:00Z");
        return default;
    }
}
