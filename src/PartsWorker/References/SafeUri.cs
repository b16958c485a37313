namespace PartsWorker.References;

/// <summary>A reference as logs may show it: without user info, query (it may hold a signature) and control characters.</summary>
internal static class SafeUri
{
    private const int Longest = 200;

    public static string Of(string? reference)
    {
        if (string.IsNullOrEmpty(reference))
        {
            return "(empty)";
        }

        var text = reference.AsSpan(0, Math.Min(reference.Length, 4 * Longest));
        var cut = text.IndexOfAny('?', '#');
        var shown = WithoutUserInfo((cut < 0 ? text : text[..cut]).ToString());
        shown = string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
        return shown.Length <= Longest ? shown : shown[..Longest] + "...";
    }

    // A '/' in a password moves the end of the authority, so everything before the last '@' goes, except where '@' is part of a name.
    private static string WithoutUserInfo(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0
            || text.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("s3:", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var start = text.IndexOf(':', StringComparison.Ordinal) + 1;
        while (start < at && text[start] == '/')
        {
            start++;
        }

        return start >= at ? text : $"{text[..start]}***{text[at..]}";
    }
}
