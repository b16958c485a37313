using PartsWorker.References;

namespace PartsWorker.Comparing;

/// <summary>
/// What a report may read. The Images settings protect a service from references of other people; the report is made by one person, with
/// that person's rights, and shows what decodes as an image.
/// </summary>
internal static class ReportRoots
{
    /// <summary>
    /// The settings or, where they allow nothing at all, the top folders of the <c>file:///</c> references; other references stay refused.
    /// </summary>
    public static ImageOptions Complete(ImageOptions options, IEnumerable<string> uris)
    {
        if (options is { Roots.Length: 0, Hosts.Length: 0, Buckets.Length: 0, Map.Length: 0 } && OperatingSystem.IsLinux())
        {
            options.Roots = [.. uris.Select(TopFolder).OfType<string>().Distinct(StringComparer.Ordinal)];
        }

        return options;
    }

    private static string? TopFolder(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed is { Scheme: "file", Host: "", Segments: [_, var top, _, ..] }
            ? "/" + Uri.UnescapeDataString(top).TrimEnd('/')
            : null;
}
