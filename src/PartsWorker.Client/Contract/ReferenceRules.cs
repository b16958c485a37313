using System.Buffers;
using System.Globalization;

namespace PartsWorker.Client;

/// <summary>What a valid reference is, in one place for both directions. Each rule fails with one line that names the field.</summary>
internal static class ReferenceRules
{
    public const int MaxUri = 2048;
    public const int MaxWord = 64;
    public const int MaxAttributes = 64;

    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    // A camera without a clock says 1970 or 2090: its image is stored, and the view doubtful_times names it.
    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The reference with its time in UTC and whole microseconds and its digest in lower case.</summary>
    /// <exception cref="BadMessageException">A field breaks the contract; the message names it.</exception>
    public static ImageReference Normalize(ImageReference reference)
    {
        if (reference.ImageId == Guid.Empty)
        {
            throw Bad("imageId", "is the empty UUID");
        }

        Text("uri", reference.Uri, MaxUri);
        Word("line", reference.Line);
        Word("camera", reference.Camera);
        var captured = Instant("capturedAt", reference.CapturedAt);
        var digest = reference.Sha256 is null ? null : Digest("sha256", reference.Sha256);
        if (reference.Attributes is { } attributes)
        {
            Attributes("attributes", attributes);
        }

        return reference with { CapturedAt = captured, Sha256 = digest };
    }

    /// <summary>The message goes to logs and headers, so names from outside are truncated and cleaned.</summary>
    public static BadMessageException Bad(string field, string problem, Exception? inner = null) =>
        new($"{Printable(field)}: {problem}", inner);

    public static string Printable(string text, int max = 80)
    {
        var cut = text.Length <= max ? text : string.Concat(text.AsSpan(0, max), "...");
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) || source[i] is '\u2028' or '\u2029' ? '?' : source[i];
            }
        });
    }

    private static void Text(string field, string value, int max)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > max)
        {
            throw Bad(field, $"must have 1 to {max} characters, has {value?.Length ?? 0}");
        }

        foreach (var character in value)
        {
            if (char.IsControl(character))
            {
                throw Bad(field, "holds a control character");
            }
        }
    }

    /// <summary>True for a line or camera: a word of a routing key, of which four fit into its 255 bytes.</summary>
    public static bool IsWord(string? value) =>
        value is { Length: > 0 and <= MaxWord } && !value.AsSpan().ContainsAnyExcept(WordCharacters);

    private static void Word(string field, string value)
    {
        if (!IsWord(value))
        {
            throw Bad(field, $"must be 1 to {MaxWord} of A-Z a-z 0-9 _ -, is '{Printable(value ?? string.Empty)}'");
        }
    }

    private static DateTimeOffset Instant(string field, DateTimeOffset value)
    {
        if (value < Earliest || value >= End)
        {
            throw Bad(field, $"{value.ToUniversalTime():yyyy-MM-dd} is not in 1900..2999: check the clock of the camera");
        }

        return new DateTimeOffset(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    private static string Digest(string field, string value) =>
        value.Length == 64 && value.All(char.IsAsciiHexDigit)
            ? value.ToLower(CultureInfo.InvariantCulture)
            : throw Bad(field, "must be 64 hex digits");

    private static void Attributes(string field, IReadOnlyDictionary<string, string> value)
    {
        if (value.Count > MaxAttributes)
        {
            throw Bad(field, $"has {value.Count} entries, at most {MaxAttributes} are allowed");
        }

        // NUL is legal in JSON and illegal in every text column of PostgreSQL, so it is refused here, before the store.
        if (value.FirstOrDefault(e => e.Value is null || e.Key.Contains('\0') || e.Value.Contains('\0')).Key is { } name)
        {
            throw Bad($"{field}.{name}", "holds a NUL character or no text");
        }
    }
}
