using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PartsWorker.Client;

/// <summary>Reads RFC 3339 timestamps. .NET's own reader accepts times without an offset, and at most seven digits of a second.</summary>
internal sealed partial class Rfc3339 : JsonConverter<DateTimeOffset>
{
    public const string Expected = "must be RFC 3339 with an offset, such as 2026-11-21T06:30:00.250Z";

    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        instant = default;
        return text is not null && Pattern().IsMatch(text)
            && DateTimeOffset.TryParse(CutFraction(text), CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
    }

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.GetString(), out var instant) ? instant : throw new JsonException(Expected);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    // RFC 3339 allows any number of digits; everything below a microsecond is dropped anyway.
    private static string CutFraction(string text) => LongFraction().Replace(text, "${kept}");

    [GeneratedRegex(
        @"\A\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"(?<kept>\.\d{7})\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongFraction();
}
