namespace PartsWorker.References;

/// <summary>One entry of <c>Images:Map</c>: references that begin with <see cref="From"/> are read below <see cref="To"/>.</summary>
internal sealed class ReferenceMapOptions
{
    /// <summary>
    /// Prefix as the publisher writes it: a share (<c>\\server\share</c>), a drive or folder of Windows (<c>C:\images</c>), or the
    /// beginning of a URI (<c>file:///mnt/cams</c>). Windows prefixes match in upper and lower case, and also as <c>file://server/share</c>
    /// and <c>file:///C:/images</c>.
    /// </summary>
    public string From { get; set; } = "";

    /// <summary>
    /// What replaces it: a folder below <c>Images:Roots</c> (<c>/mnt/cams</c>), <c>https://host/path</c> or <c>s3://bucket/prefix</c>.
    /// </summary>
    public string To { get; set; } = "";
}
