using System.Buffers;
using PartsWorker.Failures;
using PartsWorker.Files;
using PartsWorker.References;
using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Files;

/// <summary>Reads that block as they do on a dead mount, until the test lets storage answer.</summary>
public sealed class BlockedReadTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _answers = new();
    private readonly SemaphoreSlim _started = new(0);
    private readonly FetchedImage _image = new(ArrayPool<byte>.Shared.Rent(16), 8);
    private readonly FileSource _source;

    public BlockedReadTests() =>
        _source = new(Some.Options(o => (o.FileReads, o.ReadTimeout) = (1, TimeSpan.FromMilliseconds(100))), Block);

    [Fact]
    public async Task A_read_that_blocks_does_not_hold_the_caller_and_its_late_image_is_disposed()
    {
        await LeaveABlockedReadAsync();
        Assert.Equal(8, _image.Bytes.Length);
        _answers.Set();
        await UntilAsync(() => Record.Exception(() => _image.Bytes) is ObjectDisposedException);
    }

    [Fact]
    public async Task A_read_that_was_left_behind_keeps_its_place_until_its_thread_comes_back()
    {
        await LeaveABlockedReadAsync();
        var failure = await Assert.ThrowsAsync<PartFailureException>(
            async () => await _source.ReadAsync("file:///b", CancellationToken.None));
        Assert.Equal(Recovery.WithDependency, failure.Recovery);
        Assert.Contains("1 file reads hang", failure.Message, StringComparison.Ordinal);

        _answers.Set();
        Assert.Same(_image, await _source.ReadAsync("file:///c", CancellationToken.None));
    }

    [Fact]
    public async Task A_late_failure_of_a_read_that_was_left_behind_frees_its_place()
    {
        using var source = new FileSource(Some.Options(o => o.FileReads = 1), (reference, path, token) =>
        {
            Block(reference, path, token);
            throw Refusals.Missing(reference, "late");
        });
        using var caller = new CancellationTokenSource();
        var reading = source.ReadAsync("file:///a", caller.Token).AsTask();
        Assert.True(await _started.WaitAsync(Bound));
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Bound));
        _answers.Set();
        var failure = await Assert.ThrowsAsync<PartFailureException>(
            async () => await source.ReadAsync("file:///b", CancellationToken.None));
        Assert.Contains("late", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _answers.Set();
        _source.Dispose();
        _image.Dispose();
    }

    private FetchedImage Block(string reference, string path, CancellationToken cancellationToken)
    {
        _started.Release();
        _answers.Wait(Bound, CancellationToken.None);
        return _image;
    }

    private async Task LeaveABlockedReadAsync()
    {
        using var caller = new CancellationTokenSource();
        var reading = _source.ReadAsync("file:///a", caller.Token).AsTask();
        Assert.True(await _started.WaitAsync(Bound));
        Assert.False(reading.IsCompleted);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Bound));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(condition());
    }
}
