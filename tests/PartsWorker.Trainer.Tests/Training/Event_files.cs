using System.Text;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class Event_files
{
    [Fact]
    public void The_checksum_is_CRC_32C() => Assert.Equal(0xE3069283u, EventFile.Crc32C(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Records_stand_one_after_the_other_with_their_lengths()
    {
        var folder = Directory.CreateTempSubdirectory("events");
        using (var events = new EventFile(folder.FullName, "one", TimeProvider.System))
        {
            events.Scalars(7, ("loss", 1.5));
        }

        var bytes = File.ReadAllBytes(Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).Single());
        var (records, at) = (0, 0);
        while (at < bytes.Length)
        {
            at += 12 + (int)BitConverter.ToUInt64(bytes, at) + 4;
            records++;
        }

        Assert.Equal((2, bytes.Length), (records, at));
        folder.Delete(recursive: true);
    }
}
