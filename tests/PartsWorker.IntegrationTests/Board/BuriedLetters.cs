using PartsWorker.Client;
using PartsWorker.IntegrationTests.Publishing;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>Dead letters as workers leave them, of images that are gone.</summary>
internal static class BuriedLetters
{
    public static async Task<Guid[]> AddAsync(Broker broker, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var id in ids)
        {
            var properties = new BasicProperties
            {
                Persistent = true, MessageId = id.ToString(),
                Headers = new Dictionary<string, object?>
                {
                    [PartsHeaders.Reason] = "missing-image", [PartsHeaders.Error] = "<b>no such file</b>",
                },
            };
            var body = ImageReferenceCodec.Encode(new ImageReference
            {
                ImageId = id, CapturedAt = DateTimeOffset.UtcNow, Line = "A", Camera = "cam-1", Uri = "file:///gone/1.jpg",
            });
            await broker.Channel.BasicPublishAsync(broker.Topology.DeadExchange, "image.live.A.cam-1", mandatory: true, properties, body);
        }

        await broker.WaitForAsync(broker.Topology.DeadQueue, (uint)count);
        return ids;
    }
}
