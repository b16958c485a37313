using System.Threading.Channels;

namespace PartsWorker.Intake;

/// <summary>Both lanes, each with its own connection: a failing reprocess queue must not stop live work.</summary>
internal sealed class RabbitIntake(LaneIntake live, LaneIntake reprocess) : IIntake, IQueueDepths
{
    public Task ReceiveAsync(ChannelWriter<Delivery> toLive, ChannelWriter<Delivery> toReprocess, CancellationToken stopping) =>
        Task.WhenAll(live.ReceiveAsync(toLive, stopping), reprocess.ReceiveAsync(toReprocess, stopping));

    public Task CloseAsync(CancellationToken cancellation) =>
        Task.WhenAll(live.CloseAsync(cancellation), reprocess.CloseAsync(cancellation));

    public async Task<IReadOnlyList<QueueDepth>?> ReadDepthsAsync(CancellationToken cancellation) =>
        await live.ReadDepthsAsync(cancellation) ?? await reprocess.ReadDepthsAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await live.DisposeAsync();
        await reprocess.DisposeAsync();
    }
}
