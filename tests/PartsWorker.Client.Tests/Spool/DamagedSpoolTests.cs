using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Spool;

public sealed class DamagedSpoolTests : IDisposable
{
    private const int Count = 20;
    private readonly TempFolder _folder = new();
    private readonly List<string> _notices = [];
    private readonly Guid[] _ids = Enumerable.Range(0, Count).Select(_ => Guid.NewGuid()).ToArray();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "mark")]
    [InlineData(5, "length")]
    [InlineData(9, "checksum")]
    [InlineData(40, "body")]
    public async Task One_damaged_record_costs_one_reference_and_one_line(int offset, string _)
    {
        Fill();
        var file = _folder.File("*.spool");
        var bytes = File.ReadAllBytes(file);
        var victim = (bytes.Length / Count * 7) + offset;
        bytes[victim] ^= 0x55;
        File.WriteAllBytes(file, bytes);

        Assert.Equal(_ids.Where((_, i) => i != 7), await DrainAsync());
        Assert.Contains("is damaged at byte", Assert.Single(_notices), StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.File("*.damaged")));
    }

    [Fact]
    public async Task Half_a_record_at_the_end_was_never_promised_and_is_cut_silently()
    {
        Fill();
        var file = _folder.File("*.spool");
        using (var stream = new FileStream(file, FileMode.Open))
        {
            stream.SetLength(stream.Length - 10);
        }

        Assert.Equal(_ids[..^1], await DrainAsync());
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task A_file_of_rubbish_is_set_aside_and_the_others_are_sent()
    {
        Fill();
        File.WriteAllText(Path.Combine(_folder.Path, "000000000009.spool"), new string('x', 5000));

        Assert.Equal(_ids, await DrainAsync());
        Assert.Contains(
            "000000000009.spool is damaged at byte 0: its 0 valid references", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_or_broken_cursor_sends_again_rather_than_not_at_all()
    {
        Fill(taken: 5);
        File.WriteAllText(Path.Combine(_folder.Path, "cursor"), "garbage");

        Assert.Equal(_ids, await DrainAsync());
    }

    [Fact]
    public async Task Files_that_somebody_removed_do_not_hide_later_references()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "cursor"), "57 120 end");

        Fill();
        Fill();

        Assert.Equal([.. _ids, .. _ids], await DrainAsync());
    }

    [Fact]
    public async Task Damage_in_what_was_sent_already_does_not_matter()
    {
        Fill(taken: 5);
        var file = _folder.File("*.spool");
        var bytes = File.ReadAllBytes(file);
        bytes[20] ^= 0x55;
        File.WriteAllBytes(file, bytes);

        Assert.Equal(_ids[5..], await DrainAsync());
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task Damage_that_appears_while_running_is_mended_too()
    {
        var sender = new ListSender { TakeOf = _ => 0 };
        await using var publisher = Open(sender);
        foreach (var id in _ids)
        {
            await publisher.PublishAsync(Some.Reference(id));
        }

        using (var stream = new FileStream(_folder.File("*.spool"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            stream.Write("rubbish"u8);
        }

        sender.TakeOf = _ => null;
        await publisher.FlushAsync();

        Assert.Equal(_ids[1..], sender.Arrived.Select(r => r.ImageId));
    }

    [Fact]
    public async Task A_record_that_holds_no_valid_reference_is_set_aside_and_the_others_are_sent()
    {
        Fill();
        // Earlier versions wrote it without a check of unknown fields.
        var bad = SpoolFormat.Frame(Some.Utf8(Some.Json(more: ",\"note\":\"a\\u0000b\"")), Lane.Live);
        var file = _folder.File("*.spool");
        File.WriteAllBytes(file, [.. bad, .. File.ReadAllBytes(file)]);

        Assert.Equal(_ids, await DrainAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("is damaged at byte 0: its 20 valid references", Assert.Single(_notices), StringComparison.Ordinal);
    }

    private void Fill(int taken = 0)
    {
        using var spool = new ReferenceSpool(new SpoolOptions { Directory = _folder.Path }, TimeProvider.System);
        foreach (var id in _ids)
        {
            spool.Append(Some.Reference(id), Lane.Live);
        }

        if (taken > 0)
        {
            spool.Take(spool.Peek(taken)[^1].End, taken);
        }
    }

    private async Task<IEnumerable<Guid>> DrainAsync()
    {
        var sender = new ListSender();
        await using var publisher = Open(sender);
        await publisher.FlushAsync();
        return sender.Arrived.Select(r => r.ImageId);
    }

    private SpooledPublisher Open(ListSender sender) =>
        new(new SpoolOptions { Directory = _folder.Path, Notice = Note }, sender, TimeProvider.System);

    private void Note(string notice)
    {
        lock (_notices)
        {
            _notices.Add(notice);
        }
    }
}
