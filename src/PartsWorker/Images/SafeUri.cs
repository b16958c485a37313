namespace PartsWorker.Images;

/// <summary>A reference as it may be shown in logs and dead letters: without user info, query (signatures live there) and control characters.</summary>
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

    private static string WithoutUserInfo(string text)
    {
        var authority = text.IndexOf("//", StringComparison.Ordinal);
        if (authority < 0)
        {
            return text;
        }

        var end = text.IndexOf('/', authority + 2);
        var at = text.LastIndexOf('@', (end < 0 ? text.Length : end) - 1);
        return at < authority + 2 ? text : text[..(authority + 2)] + text[(at + 1)..];
    }
}
