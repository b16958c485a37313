using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using PartsWorker.Trainer.Training.Events;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// Writes TensorBoard's event file: each record is length, checksum, message, checksum. The existing .NET writers depend on
/// TensorFlow.
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
        Write(new Event { FileVersion = "brain.Event:2" });
    }

    public void Scalars(long step, params (string Tag, double Value)[] scalars)
    {
        var summary = new Summary
        {
            Value = { scalars.Select(s => new Summary.Types.Value { Tag = s.Tag, SimpleValue = (float)s.Value }) },
        };
        Write(new Event { Step = step, Summary = summary });
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    internal static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc ^ 0xFFFFFFFFu;
    }

    private void Write(Event record)
    {
        record.WallTime = _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        var message = record.ToByteArray();
        var length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)message.Length);
        WriteWithChecksum(length);
        WriteWithChecksum(message);
    }

    // The format masks the CRC, because a CRC over data that contains CRCs is unreliable.
    private void WriteWithChecksum(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        Span<byte> masked = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u));
        _file.Write(data);
        _file.Write(masked);
    }
}
