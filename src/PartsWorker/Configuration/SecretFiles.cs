using Microsoft.Extensions.Configuration;

namespace PartsWorker.Configuration;

/// <summary>
/// Secrets as Docker and Kubernetes mount them: <c>ConnectionStrings__RabbitMq_FILE=/run/secrets/rabbit</c> sets
/// <c>ConnectionStrings:RabbitMq</c> to what the file holds. Works for every key inside a section.
/// </summary>
internal static class SecretFiles
{
    private const string Suffix = "_FILE";
    private const int MaxBytes = 64 * 1024;

    /// <summary>All settings, those that name a file replaced by what is in it; sections are checked for unknown keys, so the names must not stay.</summary>
    public static IReadOnlyDictionary<string, string?> Resolve(IConfiguration configuration)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in configuration.AsEnumerable().Where(e => e.Value is not null).OrderBy(e => IsFile(e.Key)))
        {
            settings[IsFile(key) ? key[..^Suffix.Length] : key] = IsFile(key) ? Content(key, value!) : value;
        }

        return settings;
    }

    private static bool IsFile(string key) => key.Contains(':', StringComparison.Ordinal) && key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

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
