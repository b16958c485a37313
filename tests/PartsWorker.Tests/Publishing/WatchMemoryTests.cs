using PartsWorker.Publishing;

namespace PartsWorker.Tests.Publishing;

public sealed class WatchMemoryTests : IDisposable
{
    private static readonly FileVersion Version = new(10, 20, 30);
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;

    private string State => Path.Combine(_folder, "watch");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Any_path_survives_a_restart()
    {
        string[] paths = ["/a/b c.jpg", "/a/tab\tline\n.jpg", "/a/teil_\uDCFC.jpg", "/a/\U0001F600%41.jpg", @"C:\x\y.jpg"];
        using (var memory = new WatchMemory(State))
        {
            Array.ForEach(paths, p => memory.Remember(p, Version, 7));
        }

        using var again = new WatchMemory(State);
        Assert.All(paths, p => Assert.True(again.IsPublished(p, Version)));
        Assert.Equal(paths.Length, again.Count);
    }

    [Fact]
    public void A_line_that_a_kill_cut_short_costs_only_itself()
    {
        using (var memory = new WatchMemory(State))
        {
            memory.Remember("/1.jpg", Version, 1);
            memory.Remember("/2.jpg", Version, 2);
        }

        var bytes = File.ReadAllBytes(State);
        File.WriteAllBytes(State, [.. bytes[..^30], 0, 0, 0, (byte)'\n', .. "half a line"u8]);
        using (var memory = new WatchMemory(State))
        {
            Assert.True(memory.IsPublished("/1.jpg", Version));
            memory.Remember("/3.jpg", Version, 3);
        }

        using var again = new WatchMemory(State);
        Assert.True(again.IsPublished("/1.jpg", Version) && again.IsPublished("/3.jpg", Version));
    }

    [Fact]
    public void The_state_of_version_0_2_is_read()
    {
        File.WriteAllText(State, "10\t20\t/data/1.jpg\n");
        using var memory = new WatchMemory(State);
        Assert.True(memory.IsPublished("/data/1.jpg", Version));
        Assert.False(memory.IsPublished("/data/1.jpg", Version with { Length = 11 }));
    }

    [Fact]
    public void Memory_and_state_stay_bounded_while_file_names_never_repeat()
    {
        using var memory = new WatchMemory(State);
        for (var i = 0; i < 4 * WatchMemory.LeastGone; i++)
        {
            memory.Remember($"/ring/{i:D9}.jpg", Version, (UInt128)i + 1);
            if (i % 1000 == 0)
            {
                memory.Trim(present: 100);
            }
        }

        Assert.InRange(memory.Count, WatchMemory.LeastGone / 2, WatchMemory.LeastGone + 1200);
        Assert.InRange(File.ReadLines(State).Count(), 1, (4 * WatchMemory.LeastGone) - 1);
        Assert.True(memory.IsPublished($"/ring/{(4 * WatchMemory.LeastGone) - 1:D9}.jpg", Version));
    }

    [Fact]
    public void A_state_file_that_cannot_be_written_is_reported_once_and_stops_nothing()
    {
        List<string> notices = [];
        using var memory = new WatchMemory(Path.Combine(_folder, "missing", "watch"), notices.Add);
        memory.Remember("/1.jpg", Version, 1);
        memory.Remember("/2.jpg", Version, 2);
        Assert.True(memory.IsPublished("/2.jpg", Version));
        Assert.Single(notices);
    }
}
