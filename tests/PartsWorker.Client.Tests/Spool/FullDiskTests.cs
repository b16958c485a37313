using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Spool;

public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Guid[] _ids = Enumerable.Range(0, 12).Select(_ => Guid.NewGuid()).ToArray();

    private SpoolOptions Options => new() { Directory = _folder.Path, MaxBytes = 1 << 20 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sent_segments_are_removed_although_the_cursor_cannot_be_written()
    {
        using (var spool = Fill())
        {
            spool.Take(spool.Peek(1)[0].End, 1);
            // A folder in the place of the file: the cursor cannot be written, as on a full disk.
            Directory.CreateDirectory(Path.Combine(_folder.Path, "cursor.next"));
            for (var i = 0; i < 6; i++)
            {
                var end = spool.Peek(1)[0].End;
                Assert.ThrowsAny<Exception>(() => spool.Take(end, 1));
            }

            // Of six segments with two references each, the first three are sent.
            Assert.Equal(3, Directory.GetFiles(_folder.Path, "*.spool").Length);
            Assert.Equal(5, spool.Pending);
        }

        // The next process finds the cursor of the first segment, which is gone.
        using var next = new ReferenceSpool(Options, TimeProvider.System);
        Assert.Equal(6, next.Pending);
        Assert.Equal(_ids[6..8], next.Peek(100).Select(r => r.Reference.ImageId));
    }

    private ReferenceSpool Fill()
    {
        var spool = new ReferenceSpool(Options, TimeProvider.System);
        foreach (var id in _ids)
        {
            var attributes = new Dictionary<string, string> { ["x"] = new string('x', 60_000) };
            spool.Append(Some.Reference(id) with { Attributes = attributes }, Lane.Live);
        }

        return spool;
    }
}
