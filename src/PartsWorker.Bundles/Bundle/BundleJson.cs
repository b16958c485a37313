using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PartsWorker.Bundles.Bundle;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(LabelSet))]
[JsonSerializable(typeof(GalleryIndex))]
[JsonSerializable(typeof(GoldenSet))]
internal sealed partial class BundleJsonContext : JsonSerializerContext;

/// <summary>Reads and writes the JSON files of a bundle; a reading error becomes one line naming the file.</summary>
internal static class BundleJson
{
    public static readonly BundleJsonContext Compact = new(new JsonSerializerOptions(BundleJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static readonly BundleJsonContext Indented = new(new JsonSerializerOptions(Compact.Options)
    {
        WriteIndented = true,
        NewLine = "\n",
    });

    public static T Read<T>(string path, JsonTypeInfo<T> type)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, type) ?? throw new BundleException($"{path}: is empty");
        }
        catch (JsonException error)
        {
            throw new BundleException($"{path}: {FirstLine(error.Message)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{path}: cannot be read: {FirstLine(error.Message)}", error);
        }
    }

    public static void Write<T>(string path, T value, JsonTypeInfo<T> type)
    {
        using var stream = File.Create(path);
        JsonSerializer.Serialize(stream, value, type);
        stream.WriteByte((byte)'\n');
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
