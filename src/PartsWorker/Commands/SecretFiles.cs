using Microsoft.Extensions.Configuration;

namespace PartsWorker.Commands;

/// <summary>
/// Secrets as Docker and Kubernetes mount them: <c>ConnectionStrings__RabbitMq_FILE=/run/secrets/rabbit</c> sets
/// <c>ConnectionStrings:RabbitMq</c> to what the file holds. Works for every key inside a section.
/// </summary>
internal static class SecretFiles
{
    private const string Suffix = "_FILE";
    private const int MaxBytes = 64 * 1024;

    public static IEnumerable<KeyValuePair<string, string?>> Read(IConfiguration configuration) =>
        from entry in configuration.AsEnumerable()
        where entry.Value is { Length: > 0 } && entry.Key.Contains(':', StringComparison.Ordinal) && entry.Key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
        select KeyValuePair.Create(entry.Key[..^Suffix.Length], (string?)Content(entry.Key, entry.Value));

    private static string Content(string key, string file)
    {
        try
        {
            // Editors and kubectl leave a line break at the end, which no secret has.
            return new FileInfo(file).Length <= MaxBytes
                ? File.ReadAllText(file).TrimEnd('\r', '\n')
                : throw new UserErrorException($"{key}: '{file}' has more than {MaxBytes} bytes; is it the right file?");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{key}: '{file}' cannot be read: {error.Message}", inner: error);
        }
    }
}
