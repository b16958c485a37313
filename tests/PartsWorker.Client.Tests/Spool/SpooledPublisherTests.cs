using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Spool;

public sealed class SpooledPublisherTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_arrives_in_order()
    {
        var sender = new ListSender();
        var ids = Ids(1000);
        await using (var publisher = Open(sender))
        {
            await PublishAsync(publisher, ids);
            await publisher.FlushAsync();
            Assert.Equal(0, publisher.Pending);
        }

        Assert.Equal(ids, sender.Arrived.Select(r => r.ImageId));
    }

    [Fact]
    public async Task What_the_broker_did_not_take_is_sent_by_the_next_process()
    {
        var ids = Ids(1000);
        var first = new ListSender { TakeOf = _ => 7 };
        await using (var publisher = Open(first))
        {
            await PublishAsync(publisher, ids);
        }

        var second = new ListSender();
        await using (var publisher = Open(second))
        {
            await publisher.FlushAsync();
        }

        Assert.Equal(ids, first.Arrived.Concat(second.Arrived).Select(r => r.ImageId).Distinct());
    }

    [Fact]
    public async Task A_broker_that_comes_and_goes_changes_nothing_in_the_order()
    {
        var ids = Ids(600);
        var calls = 0;
        var sender = new ListSender { TakeOf = n => ++calls % 2 == 0 ? null : n / 2 };
        await using var publisher = Open(sender);

        await PublishAsync(publisher, ids);
        await publisher.FlushAsync();

        Assert.Equal(ids, sender.Arrived.Select(r => r.ImageId));
        Assert.Contains(_notices, n => n.StartsWith("broker away; ", StringComparison.Ordinal));
        Assert.Contains("sending again", _notices);
    }

    [Fact]
    public async Task All_fields_lane_and_unknown_fields_survive_the_disk()
    {
        var sender = new ListSender();
        var reference = Some.Decode(Some.Json(more: ""","attributes":{"order":"4711"},"tray":12"""));
        await using var publisher = Open(sender);

        await publisher.PublishAsync(reference, Lane.Reprocess);
        await publisher.FlushAsync();

        var back = Assert.Single(sender.Arrived);
        Assert.Equal(ImageReferenceCodec.Encode(reference), ImageReferenceCodec.Encode(back));
    }

    [Fact]
    public async Task A_full_spool_refuses_and_keeps_what_it_has()
    {
        var sender = new ListSender { TakeOf = _ => 0 };
        await using var publisher = Open(sender, maxBytes: 1 << 20);
        var big = Some.Reference() with { Attributes = new Dictionary<string, string> { ["x"] = new string('x', 100_000) } };
        for (var i = 0; i < 10; i++)
        {
            await publisher.PublishAsync(big with { ImageId = Guid.NewGuid() });
        }

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => publisher.PublishAsync(big));

        Assert.Equal(Some.Id, error.ImageId);
        Assert.Contains("is full (1 MiB)", error.Message, StringComparison.Ordinal);
        Assert.Equal(10, publisher.Pending);
    }

    [Fact]
    public async Task Sent_segments_are_removed_so_that_room_comes_back()
    {
        await using var publisher = Open(new ListSender(), maxBytes: 1 << 20);
        var big = Some.Reference() with { Attributes = new Dictionary<string, string> { ["x"] = new string('x', 60_000) } };
        for (var i = 0; i < 60; i++)
        {
            await publisher.PublishAsync(big);
            await publisher.FlushAsync();
        }

        Assert.True(Directory.GetFiles(_folder.Path, "*.spool").Length <= 2);
    }

    [Fact]
    public async Task A_wrong_reference_is_refused_before_it_reaches_the_disk()
    {
        await using var publisher = Open(new ListSender());

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => publisher.PublishAsync(Some.Reference(line: "a.b")));

        Assert.True(error.IsPermanent);
        Assert.Contains(Some.Id.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.spool"));
    }

    [Fact]
    public async Task A_reference_too_large_for_a_message_is_refused_before_it_reaches_the_disk()
    {
        await using var publisher = Open(new ListSender());

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => publisher.PublishAsync(Some.TooLarge()));

        Assert.True(error.IsPermanent);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.spool"));
    }

    [Fact]
    public async Task A_reference_that_just_fits_on_disk_fits_in_every_format()
    {
        var sender = new ListSender();
        await using var publisher = Open(sender);
        var word = new string('w', ReferenceRules.MaxWord);
        for (var length = PlainJson.MaxBytes - 1700; length < PlainJson.MaxBytes; length += 64)
        {
            var attributes = new Dictionary<string, string> { ["x"] = new string('x', length) };
            var large = Some.Reference(line: word, camera: word) with { Attributes = attributes };
            await Record.ExceptionAsync(() => publisher.PublishAsync(large));
        }

        await publisher.FlushAsync();

        var largest = sender.Arrived[^1];
        Assert.True(largest.Attributes!["x"].Length > PlainJson.MaxBytes - 1700);
        Assert.InRange(ImageReferenceCodec.Encode(largest, MessageFormat.CloudEventStructured).Body.Length, 1, PlainJson.MaxBytes);
    }

    [Fact]
    public async Task A_second_process_on_the_same_spool_is_refused()
    {
        await using var publisher = Open(new ListSender());

        var error = Assert.Throws<SpoolException>(() => Open(new ListSender()));
        Assert.Contains("another process uses it", error.Message, StringComparison.Ordinal);
    }

    private static Guid[] Ids(int count) => Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();

    private static async Task PublishAsync(SpooledPublisher publisher, Guid[] ids)
    {
        foreach (var id in ids)
        {
            await publisher.PublishAsync(Some.Reference(id));
        }
    }

    private SpooledPublisher Open(ListSender sender, long maxBytes = 1L << 30)
    {
        var options = new SpoolOptions { Directory = _folder.Path, MaxBytes = maxBytes, Notice = Note };
        return new SpooledPublisher(options, sender, TimeProvider.System);
    }

    private void Note(string notice)
    {
        lock (_notices)
        {
            _notices.Add(notice);
        }
    }
}
