using PartsWorker.Pipeline.Scheduling;

namespace PartsWorker.Tests.Pipeline.Scheduling;

public sealed class WakeSignalTests
{
    [Fact]
    public async Task A_wait_ends_with_its_token_and_the_next_one_still_hears_the_signal()
    {
        var signal = new WakeSignal();
        using var source = new CancellationTokenSource();
        var given = signal.WaitAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(TimeSpan.FromSeconds(10)));

        var next = signal.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        signal.Set();
        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
