using System.Text.Encodings.Web;
using System.Text.Json;
using PartsWorker.Client;
using PartsWorker.References;
using PartsWorker.Terminal;

namespace PartsWorker.Publishing;

/// <summary>The output of <c>publish</c>: a line per failure, with <c>--json</c> one object per file, and the counts at the end.</summary>
internal sealed class PublishReport(TextWriter output, TextWriter errors, bool json)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Published { get; private set; }

    public int Failed { get; private set; }

    public void Done(PublishFile file, ImageReference reference)
    {
        Published++;
        Write(new
        {
            file = PathBytes.Printable(file.Path),
            imageId = reference.ImageId,
            uri = reference.Uri,
            capturedAt = reference.CapturedAt,
            sha256 = reference.Sha256,
            status = "published",
        });
    }

    public void Fail(string what, string problem)
    {
        Failed++;
        errors.WriteLine($"partsworker: {PathBytes.Printable(what)}: {problem}");
        Write(new { file = PathBytes.Printable(what), status = "failed", error = problem });
    }

    public void Notice(string line) => errors.WriteLine($"partsworker: {line}");

    /// <param name="skipped">Files and folders that were left out.</param>
    /// <param name="afterwards">What is still to be sent.</param>
    public void Summarize(int skipped, string afterwards = "")
    {
        if (!json)
        {
            var left = skipped > 0 ? $", {skipped} skipped" : "";
            output.WriteLine($"published {Counted.Of(Published, "image")}, {Failed} failed{left}{afterwards}");
        }
    }

    private void Write<T>(T line)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(line, Readable));
        }
    }
}
