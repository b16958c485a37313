using System.Reflection;
using PartsWorker.Intake;
using RabbitMQ.Client;

namespace PartsWorker.Tests.Intake;

public sealed class ChannelAcknowledgerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_settled_before_the_end_is_acknowledged_before_writing_ends()
    {
        var (channel, sent) = AckRecorder.Create();
        var acknowledger = new ChannelAcknowledger(channel, Soon);
        acknowledger.Settled(1);
        acknowledger.Settled(2);
        acknowledger.Settled(4);
        acknowledger.End();

        await acknowledger.WriteAsync(CancellationToken.None).WaitAsync(Soon);

        Assert.Equal([(2, true), (4, false)], sent);
    }

    [Fact]
    public async Task What_is_settled_while_it_writes_is_acknowledged_too()
    {
        var (channel, sent) = AckRecorder.Create();
        var acknowledger = new ChannelAcknowledger(channel, Soon);
        var writing = acknowledger.WriteAsync(CancellationToken.None);
        await Parallel.ForAsync(1, 1001, (tag, _) =>
        {
            acknowledger.Settled((ulong)tag);
            return ValueTask.CompletedTask;
        });
        acknowledger.End();

        await writing.WaitAsync(Soon);

        Assert.Equal(1000, acknowledger.SettledCount);
        var upTo = sent.Where(ack => ack.Multiple).Max(ack => (ulong?)ack.Tag) ?? 0;
        var tags = Enumerable.Range(1, 1000).Select(tag => (ulong)tag);
        Assert.Empty(tags.Where(tag => tag > upTo).Except(sent.Select(ack => ack.Tag)));
    }

    [Fact]
    public async Task It_ends_at_once_with_nothing_to_send()
    {
        var (channel, sent) = AckRecorder.Create();
        var acknowledger = new ChannelAcknowledger(channel, Soon);
        acknowledger.End();

        await acknowledger.WriteAsync(CancellationToken.None).WaitAsync(Soon);

        Assert.Empty(sent);
    }

    [Fact]
    public async Task A_lost_connection_ends_it_with_an_exception()
    {
        using var lost = new CancellationTokenSource();
        var writing = new ChannelAcknowledger(AckRecorder.Create().Channel, Soon).WriteAsync(lost.Token);
        await lost.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Soon));
    }
}

/// <summary>A channel that only remembers what it is asked to acknowledge.</summary>
public class AckRecorder : DispatchProxy
{
    private readonly List<(ulong Tag, bool Multiple)> _sent = [];

    public static (IChannel Channel, IReadOnlyList<(ulong Tag, bool Multiple)> Sent) Create()
    {
        var channel = Create<IChannel, AckRecorder>();
        return (channel, ((AckRecorder)(object)channel)._sent);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Assert.Equal(nameof(IChannel.BasicAckAsync), targetMethod?.Name);
        _sent.Add(((ulong)args![0]!, (bool)args[1]!));
        return ValueTask.CompletedTask;
    }
}
