using System.Buffers;
using System.Text.Json;

namespace PartsWorker.Results;

/// <summary>
/// Column <c>top5</c> of a batch: the best candidates of each row as JSON in UTF-8, best first. The values are slices of one buffer, which
/// the next batch overwrites.
/// </summary>
internal sealed class Top5Column : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly Utf8JsonWriter _json;

    public Top5Column() => _json = new Utf8JsonWriter(_bytes);

    public List<ReadOnlyMemory<byte>> Values { get; } = [];

    public void Fill(ResultBatch batch, int start, int count)
    {
        _bytes.ResetWrittenCount();
        Values.Clear();
        for (var i = start; i < start + count; i++)
        {
            var begin = _bytes.WrittenCount;
            Write(in batch[i]);

            // A buffer that grows leaves the slices of the one before as they are.
            Values.Add(_bytes.WrittenMemory[begin..]);
        }
    }

    public void Dispose() => _json.Dispose();

    private void Write(in ResultRow row)
    {
        _json.Reset(_bytes);
        _json.WriteStartArray();
        for (var i = 0; i < row.Top5.Count; i++)
        {
            var candidate = row.Top5[i];
            _json.WriteStartObject();
            _json.WriteString("class"u8, row.ClassNames[candidate.ClassId]);
            _json.WriteNumber("confidence"u8, Math.Round(candidate.Confidence, 6));
            _json.WriteNumber("similarity"u8, Math.Round(candidate.Similarity, 6));
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.Flush();
    }
}
