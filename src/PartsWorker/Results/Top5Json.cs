using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Results;

/// <summary>Column <c>top5</c>: the best candidates of a row as UTF-8 JSON, best first.</summary>
internal static class Top5Json
{
    public static byte[] Of(ResultRow row) => JsonSerializer.SerializeToUtf8Bytes(
        [.. Entries(row)], Top5Context.Default.Top5EntryArray);

    /// <summary>What the column holds: names instead of ids, numbers with six digits.</summary>
    public static IEnumerable<Top5Entry> Entries(ResultRow row) => row.Top5.Select(candidate => new Top5Entry(
        row.ClassNames[candidate.ClassId], Math.Round(candidate.Confidence, 6), Math.Round(candidate.Similarity, 6)));
}

/// <param name="Class">Name of the class.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Similarity">Cosine to the nearest gallery image of the class, -1 to 1.</param>
internal readonly record struct Top5Entry(string Class, double Confidence, double Similarity);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Top5Entry[]))]
internal sealed partial class Top5Context : JsonSerializerContext;
