using System.Globalization;
using System.Text;

namespace PartsWorker.Client;

/// <summary>AMQP header values arrive as byte[], long or int depending on who wrote them; read them tolerantly.</summary>
internal static class HeaderReader
{
    /// <summary>Null when absent or of a type that is not text or a number.</summary>
    public static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) ? Text(value) : null;

    /// <summary>Zero when absent or not a valid number.</summary>
    public static int Int(IDictionary<string, object?>? headers, string name) =>
        int.TryParse(Text(headers, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : 0;

    public static string? Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
