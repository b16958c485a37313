using System.Text;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Events;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class EventFileTests
{
    [Fact]
    public void The_checksum_is_CRC_32C() => Assert.Equal(0xE3069283u, EventFile.Crc32C(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Records_follow_each_other_with_their_lengths()
    {
        var folder = Directory.CreateTempSubdirectory("events");
        using (var events = new EventFile(folder.FullName, "one", TimeProvider.System))
        {
            events.Scalars(7, ("loss", 1.5));
        }

        var bytes = File.ReadAllBytes(Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).Single());
        var records = new List<Event>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BitConverter.ToUInt64(bytes, at);
            records.Add(Event.Parser.ParseFrom(bytes, at + 12, length));
            at += 12 + length + 4;
            Assert.InRange(at, 0, bytes.Length);
        }

        Assert.Equal(["brain.Event:2", string.Empty], records.Select(r => r.FileVersion));
        Assert.Equal(7, records[1].Step);
        var value = Assert.Single(records[1].Summary.Value);
        Assert.Equal(("loss", 1.5f), (value.Tag, value.SimpleValue));
        folder.Delete(recursive: true);
    }
}
