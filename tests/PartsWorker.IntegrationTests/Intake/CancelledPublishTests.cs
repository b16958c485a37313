using PartsWorker.Harness.Services;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Intake;

public sealed class CancelledPublishTests
{
    // Before 7.2.1 the client lost count of its confirms when publishes were cancelled: some of the next ones failed, and at worst none
    // was ever
    // confirmed again. The failure router and the fault bench pass their tokens on, so they rely on this.
    [Fact]
    public async Task A_channel_confirms_publishes_after_others_were_cancelled()
    {
        var factory = new ConnectionFactory { Uri = new Uri(RunningServices.RabbitMq), AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true, new ThrottlingRateLimiter(128), 1));
        var queue = (await channel.QueueDeclareAsync(exclusive: true, autoDelete: true)).QueueName;

        await Task.WhenAll(Enumerable.Range(0, 32).Select(seed => Task.Run(() => CancelAsync(channel, queue, new Random(seed)))));

        var later = Enumerable.Range(0, 100).Select(_ => channel.BasicPublishAsync("", queue, new byte[200]).AsTask());
        await Task.WhenAll(later).WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task CancelAsync(IChannel channel, string queue, Random random)
    {
        for (var i = 0; i < 150; i++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(3)));
            if (random.Next(3) == 0)
            {
                await patience.CancelAsync();
            }

            try
            {
                await channel.BasicPublishAsync(
                    "",
                    queue,
                    mandatory: true,
                    new BasicProperties(),
                    new byte[200],
                    patience.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (OperationCanceledException)
            {
                // What else it throws is a count that went wrong.
            }
        }
    }
}
