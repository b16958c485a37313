using PartsWorker.Client;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Publishing;

public sealed class TopologyTests
{
    [Fact]
    public async Task Declaring_twice_is_a_no_op_and_each_lane_has_its_queue()
    {
        await using var broker = await Broker.ConnectAsync();
        await broker.Topology.DeclareAsync(broker.Channel);

        foreach (var lane in Enum.GetValues<Lane>())
        {
            await broker.Channel.BasicPublishAsync(
                broker.Topology.Exchange, PartsTopology.RoutingKey(lane, "A", "c"), mandatory: true, body: new byte[] { 1 });
            Assert.NotNull(await broker.GetAsync(broker.Topology.QueueOf(lane)));
        }
    }

    [Fact]
    public async Task A_retried_message_comes_back_to_its_own_lane()
    {
        await using var broker = await Broker.ConnectAsync();
        var step = broker.Topology.RetrySteps[0];
        await broker.Channel.BasicPublishAsync(step.Name, "image.reprocess.A.c", mandatory: true, body: new byte[] { 1 });

        var message = await broker.GetAsync(broker.Topology.ReprocessQueue, wait: step.Delay + TimeSpan.FromSeconds(20));

        Assert.Equal("image.reprocess.A.c", message!.RoutingKey);
    }

    [Fact]
    public async Task A_rejected_message_goes_to_the_dead_letters()
    {
        await using var broker = await Broker.ConnectAsync();
        await broker.Channel.BasicPublishAsync(broker.Topology.Exchange, "image.live.A.c", mandatory: true, body: new byte[] { 1 });
        var message = await broker.GetAsync(broker.Topology.LiveQueue);
        await broker.Channel.BasicRejectAsync(message!.DeliveryTag, requeue: false);

        Assert.NotNull(await broker.GetAsync(broker.Topology.DeadQueue, wait: TimeSpan.FromSeconds(20)));
    }
}
