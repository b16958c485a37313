using System.Buffers;
using System.Text.Json;
using PartsWorker.Model.Fusion;
using PartsWorker.Models;

namespace PartsWorker.Pipeline;

/// <summary>The five best candidates as the JSON, in UTF-8, of column <c>top5</c>, best first.</summary>
internal static class Top5
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? t_json;

    public static byte[] ToJson(Verdict verdict, IServedModel model)
    {
        var buffer = t_buffer ??= new ArrayBufferWriter<byte>(512);
        buffer.ResetWrittenCount();
        var json = t_json ??= new Utf8JsonWriter(buffer);
        json.Reset(buffer);
        json.WriteStartArray();
        for (var i = 0; i < verdict.Top5.Count; i++)
        {
            var candidate = verdict.Top5[i];
            json.WriteStartObject();
            json.WriteString("class"u8, model.ClassName(candidate.ClassId));
            json.WriteNumber("confidence"u8, Math.Round(candidate.Confidence, 6));
            json.WriteNumber("similarity"u8, Math.Round(candidate.Similarity, 6));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
