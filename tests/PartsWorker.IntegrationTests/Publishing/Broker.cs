using PartsWorker.Client;
using PartsWorker.Harness.Services;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PartsWorker.IntegrationTests.Publishing;

/// <summary>A private world on the real broker: its own prefix, removed at the end.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly IConnection _connection;

    private Broker(IConnection connection, IChannel channel, string prefix)
    {
        _connection = connection;
        Channel = channel;
        Topology = new PartsTopology(prefix);
    }

    public IChannel Channel { get; }

    public PartsTopology Topology { get; }

    public static async Task<Broker> ConnectAsync()
    {
        var connection = await new ConnectionFactory { Uri = new Uri(RunningServices.RabbitMq) }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var broker = new Broker(connection, channel, $"test-{Guid.NewGuid():N}");
        await broker.Topology.DeclareAsync(channel);
        return broker;
    }

    public async Task<BasicGetResult?> GetAsync(string queue, TimeSpan? wait = null)
    {
        using var limit = new CancellationTokenSource(wait ?? TimeSpan.FromSeconds(10));
        while (true)
        {
            if (await Channel.BasicGetAsync(queue, autoAck: false) is { } message)
            {
                return message;
            }

            if (limit.IsCancellationRequested)
            {
                return null;
            }

            await Task.Delay(50);
        }
    }

    /// <summary>The ids of everything in a queue, in the order of the queue.</summary>
    public async Task<IReadOnlyList<Guid>> DrainAsync(string queue) => (await TakeAllAsync(queue)).Select(r => r.ImageId).ToArray();

    /// <summary>Everything in a queue, in the order of the queue.</summary>
    public async Task<IReadOnlyList<ImageReference>> TakeAllAsync(string queue)
    {
        await using var channel = await _connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, 1000, global: false);
        var count = await channel.MessageCountAsync(queue);
        List<ImageReference> taken = [];
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            taken.Add(ImageReferenceCodec.Decode(message.Body, message.BasicProperties.ContentType, message.BasicProperties.Headers));
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
            if (taken.Count == count)
            {
                complete.TrySetResult();
            }
        };
        if (count > 0)
        {
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
            await complete.Task.WaitAsync(TimeSpan.FromMinutes(2));
        }

        return taken;
    }

    /// <summary>Waits until a queue has this many messages; moves inside the broker take a moment.</summary>
    public async Task WaitForAsync(string queue, uint count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Channel.QueueDeclarePassiveAsync(queue, limit.Token)).MessageCount < count)
        {
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A queue of the results from now on.</summary>
    public async Task<string> BindResultsAsync(string key = "result.#", Dictionary<string, object?>? arguments = null)
    {
        await Topology.DeclareResultsAsync(Channel);
        var queue = await Channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: false, arguments);
        await Channel.QueueBindAsync(queue.QueueName, Topology.ResultsExchange, key);
        return queue.QueueName;
    }

    /// <summary>The next result in a queue, which is removed from it; null when none arrives in time.</summary>
    public async Task<(ClassificationResult Result, BasicGetResult Message)?> ResultAsync(string queue, TimeSpan? wait = null)
    {
        if (await GetAsync(queue, wait) is not { } message)
        {
            return null;
        }

        await Channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        return (ClassificationResultCodec.Decode(message.Body), message);
    }

    /// <summary>A live queue with room for little, to see what a full one does.</summary>
    public async Task ReplaceLiveQueueAsync(int maxLength)
    {
        await Channel.QueueDeleteAsync(Topology.LiveQueue);
        var arguments = new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-overflow"] = "reject-publish",
            ["x-max-length"] = maxLength,
        };
        await Channel.QueueDeclareAsync(Topology.LiveQueue, durable: true, exclusive: false, autoDelete: false, arguments);
        await Channel.QueueBindAsync(Topology.LiveQueue, Topology.Exchange, "image.live.#");
    }

    public async ValueTask DisposeAsync()
    {
        await using (var cleaning = await _connection.CreateChannelAsync())
        {
            string[] queues = [Topology.LiveQueue, Topology.ReprocessQueue, Topology.DeadQueue, .. Topology.RetrySteps.Select(s => s.Name)];
            foreach (var queue in queues)
            {
                await cleaning.QueueDeleteAsync(queue);
            }

            foreach (var exchange in queues.Append(Topology.Exchange).Append(Topology.ResultsExchange))
            {
                await cleaning.ExchangeDeleteAsync(exchange);
            }
        }

        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
