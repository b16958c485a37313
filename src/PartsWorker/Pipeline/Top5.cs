using System.Buffers;
using System.Text;
using System.Text.Json;
using PartsWorker.Model.Fusion;
using PartsWorker.Models;

namespace PartsWorker.Pipeline;

/// <summary>The five best candidates as the JSON of column <c>top5</c>, best first.</summary>
internal static class Top5
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    public static string ToJson(Verdict verdict, IServedModel model)
    {
        var buffer = t_buffer ??= new ArrayBufferWriter<byte>(512);
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var candidate in verdict.Top5)
            {
                json.WriteStartObject();
                json.WriteString("class", model.ClassName(candidate.ClassId));
                json.WriteNumber("confidence", Math.Round(candidate.Confidence, 6));
                json.WriteNumber("similarity", Math.Round(candidate.Similarity, 6));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
