using System.Threading.Channels;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>A bounded channel per lane. The live lane is always read first, and a full reprocess lane never blocks it.</summary>
internal sealed class Lanes<T>(int capacity)
{
    public Channel<T> Live { get; } = Bounded(capacity);

    public Channel<T> Reprocess { get; } = Bounded(capacity);

    public void Complete()
    {
        Live.Writer.TryComplete();
        Reprocess.Writer.TryComplete();
    }

    public static Channel<T> Bounded(int capacity) =>
        Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });
}
