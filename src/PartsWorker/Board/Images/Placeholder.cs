using System.Net;
using System.Text;

namespace PartsWorker.Board.Images;

/// <summary>An SVG that tells in place of an image why there is none.</summary>
internal static class Placeholder
{
    public const string ContentType = "image/svg+xml";
    private const int Columns = 30;
    private const int MaxLines = 6;

    public static byte[] Draw(string reason)
    {
        var svg = new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 240 180\"><rect width=\"240\" height=\"180\" fill=\"#8884\"/>"
            + "<text x=\"12\" y=\"34\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#888\" font-weight=\"bold\">No image</text>");
        var y = 54;
        foreach (var line in Wrap(reason).Take(MaxLines))
        {
            svg.Append(
                $"<text x=\"12\" y=\"{y}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#888\">{WebUtility.HtmlEncode(line)}</text>");
            y += 17;
        }

        return Encoding.UTF8.GetBytes(svg.Append("</svg>").ToString());
    }

    private static IEnumerable<string> Wrap(string text)
    {
        // Control characters are not allowed in XML, even encoded.
        var clean = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));
        var line = "";
        foreach (var word in clean.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word.Chunk(Columns)))
        {
            var longer = line.Length == 0 ? new string(word) : $"{line} {new string(word)}";
            if (longer.Length > Columns)
            {
                yield return line;
                longer = new string(word);
            }

            line = longer;
        }

        yield return line;
    }
}
