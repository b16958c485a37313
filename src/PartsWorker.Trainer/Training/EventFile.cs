using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// TensorBoard's event file. Written here because its only .NET writers bring TensorFlow along: a record is length, checksum, message,
/// checksum, and a scalar message has four fields.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _time;

    public EventFile(string folder, string name, TimeProvider time)
    {
        _time = time;
        var logs = Directory.CreateDirectory(Path.Combine(folder, "tensorboard", name));
        _file = File.Create(Path.Combine(logs.FullName, $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeMilliseconds()}.partstrainer"));
        Record(Message(e =>
        {
            e.WriteRawTag((3 << 3) | 2);
            e.WriteString("brain.Event:2");
        }));
    }

    public void Scalars(long step, params (string Tag, double Value)[] scalars)
    {
        var summary = Message(s =>
        {
            foreach (var (tag, value) in scalars)
            {
                s.WriteRawTag((1 << 3) | 2);
                s.WriteBytes(ByteString.CopyFrom(Scalar(tag, (float)value)));
            }
        });
        Record(Message(e =>
        {
            e.WriteRawTag(2 << 3);
            e.WriteInt64(step);
            e.WriteRawTag((5 << 3) | 2);
            e.WriteBytes(ByteString.CopyFrom(summary));
        }));
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Scalar(string tag, float value) => Message(v =>
    {
        v.WriteRawTag((1 << 3) | 2);
        v.WriteString(tag);
        v.WriteRawTag((2 << 3) | 5);
        v.WriteFloat(value);
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }

        return memory.ToArray();
    }

    private void Record(byte[] message)
    {
        var stamp = Message(e =>
        {
            e.WriteRawTag((1 << 3) | 1);
            e.WriteDouble(_time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        });
        byte[] whole = [.. stamp, .. message];
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)whole.Length);
        _file.Write(length);
        Checksum(length);
        _file.Write(whole);
        Checksum(whole);
    }

    // TensorFlow masks the CRC so that a checksum over data that holds checksums stays good.
    private void Checksum(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        var masked = unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, masked);
        _file.Write(bytes);
    }

    internal static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc ^ 0xFFFFFFFFu;
    }
}
