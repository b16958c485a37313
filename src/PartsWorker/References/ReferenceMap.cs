namespace PartsWorker.References;

/// <summary>
/// Replaces the beginning of a reference by the place where this worker finds it (<c>Images:Map</c>). What follows the prefix is checked
/// by the image source, as in every other reference: a map opens no folder, host or bucket that is not listed.
/// </summary>
internal sealed class ReferenceMap(ImageOptions options)
{
    // The longest prefix wins, whatever the order of the entries.
    private readonly (string? Windows, string From, string To)[] _entries =
    [
        .. options.Map.Select(entry => (WindowsPath.Of(entry.From)?.TrimEnd('/'), entry.From.TrimEnd('/'), Target(entry.To)))
            .OrderByDescending(entry => entry.Item2.Length),
    ];

    /// <returns>The reference to read; the given one where no prefix matches.</returns>
    /// <exception cref="Failures.PartFailureException">Its path is not allowed in any reference.</exception>
    public string Apply(string reference)
    {
        if (_entries.Length == 0)
        {
            return reference;
        }

        var windows = WindowsPath.Of(reference);
        foreach (var (fromWindows, from, to) in _entries)
        {
            if (fromWindows is null && Rest(reference, from, StringComparison.Ordinal) is { } rest)
            {
                return to + rest;
            }

            if (fromWindows is not null && windows is not null
                && Rest(windows, fromWindows, StringComparison.OrdinalIgnoreCase) is { } below)
            {
                return to + ReferencePath.Encode(below);
            }
        }

        return reference;
    }

    /// <returns>What follows the prefix: empty or from its '/' on; null when the reference does not begin with it.</returns>
    private static string? Rest(string reference, string prefix, StringComparison comparison) =>
        reference.StartsWith(prefix, comparison) && (reference.Length == prefix.Length || reference[prefix.Length] == '/')
            ? reference[prefix.Length..]
            : null;

    private static string Target(string to) => (to.StartsWith('/') ? "file://" + ReferencePath.Encode(to) : to).TrimEnd('/');
}
