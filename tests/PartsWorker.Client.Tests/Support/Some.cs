using System.Text;

namespace PartsWorker.Client.Tests.Support;

internal static class Some
{
    public static readonly Guid Id = Guid.Parse("0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10");

    public static ImageReference Reference(Guid? id = null, string line = "A", string camera = "cam-3") => new()
    {
        ImageId = id ?? Id,
        Uri = "file:///data/000123.jpg",
        Line = line,
        Camera = camera,
        CapturedAt = new DateTimeOffset(2026, 11, 21, 6, 30, 0, 250, TimeSpan.Zero),
    };

    /// <summary>Each of its fields is valid, but together they exceed the 256 KiB of a body.</summary>
    public static ImageReference TooLarge() => Reference() with
    {
        Attributes = Enumerable.Range(0, ReferenceRules.MaxAttributes).ToDictionary(i => $"a{i}", _ => new string('x', 10_000)),
    };

    public static string Json(
        string imageId = "\"0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10\"", string uri = "\"file:///a.jpg\"", string line = "\"A\"",
        string camera = "\"c\"", string capturedAt = "\"2026-11-21T06:30:00Z\"", string more = "") =>
        $$"""{"imageId":{{imageId}},"uri":{{uri}},"line":{{line}},"camera":{{camera}},"capturedAt":{{capturedAt}}{{more}}}""";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static ImageReference Decode(string json) => ImageReferenceCodec.Decode(Utf8(json), contentType: null, headers: null);
}
