using System.Threading.Channels;

namespace PartsWorker.Intake;

/// <summary>Where deliveries come from: RabbitMQ, or memory in tests.</summary>
internal interface IIntake : IAsyncDisposable
{
    /// <summary>Writes deliveries into the two lanes until <paramref name="stopping"/>; survives the loss of the broker.</summary>
    Task ReceiveAsync(ChannelWriter<Delivery> live, ChannelWriter<Delivery> reprocess, CancellationToken stopping);

    /// <summary>Sends the pending acknowledgements, then returns the remaining messages to the broker.</summary>
    Task CloseAsync(CancellationToken cancellation);
}
