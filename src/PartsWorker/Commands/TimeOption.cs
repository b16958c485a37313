using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace PartsWorker.Commands;

/// <summary>An option that takes a date or time: RFC 3339, or a date alone, which means midnight in UTC.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset> Create(string name, string description) => new(name)
    {
        Description = $"{description} (2026-11-20, or 2026-11-20T22:00:00+01:00; UTC if no offset is given).",
        Required = true,
        CustomParser = Parse,
    };

    private static DateTimeOffset Parse(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        argument.AddError($"'{text}' is not a date or time; write 2026-11-20 or 2026-11-20T22:00:00Z");
        return default;
    }
}
