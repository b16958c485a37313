using Microsoft.Extensions.Configuration;

namespace PartsWorker.Configuration;

/// <summary>
/// Secrets as Docker and Kubernetes mount them: <c>ConnectionStrings__RabbitMq_FILE=/run/secrets/rabbit</c> sets
/// <c>ConnectionStrings:RabbitMq</c> to the content of the file. Works for every key inside a section.
/// </summary>
internal static class SecretFiles
{
    private const string Suffix = "_FILE";
    private const int MaxBytes = 64 * 1024;

    /// <summary>All settings, with each <c>..._FILE</c> key replaced by its key and the content of the file.</summary>
    public static IReadOnlyDictionary<string, string?> Resolve(IConfiguration configuration)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in configuration.AsEnumerable().Where(e => e.Value is not null).OrderBy(e => IsFile(e.Key)))
        {
            settings[IsFile(key) ? key[..^Suffix.Length] : key] = IsFile(key) ? Content(key, value!) : value;
        }

        return settings;
    }

    private static bool IsFile(string key) =>
        key.Contains(':', StringComparison.Ordinal) && key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    private static string Content(string key, string file)
    {
        try
        {
            // Editors and kubectl add a line break at the end, which is not part of the secret.
            return new FileInfo(file).Length <= MaxBytes
                ? File.ReadAllText(file).TrimEnd('\r', '\n')
                : throw new UserErrorException($"{key}: '{file}' is larger than {MaxBytes} bytes; check that it is the right file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{key}: '{file}' cannot be read: {error.Message}", inner: error);
        }
    }
}
