using System.Globalization;
using System.Text;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.Queues;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Publishing;

public sealed class QueueMigrationTests
{
    private const int Messages = 500;

    [Fact]
    public async Task A_queue_gets_other_arguments_and_keeps_every_message_although_the_command_is_stopped_twice()
    {
        await using var broker = await Broker.ConnectAsync();
        await broker.ReplaceLiveQueueAsync(maxLength: 1000);
        for (var i = 0; i < Messages; i++)
        {
            await broker.Channel.BasicPublishAsync(
                broker.Topology.Exchange, $"image.live.A.cam-{i}", mandatory: true,
                new BasicProperties { MessageId = $"{i}", Persistent = true, Headers = new Dictionary<string, object?> { ["n"] = i } },
                Encoding.UTF8.GetBytes($"{i}"));
        }

        // On the way away after 200 messages, and on the way back.
        await Assert.ThrowsAsync<OperationCanceledException>(() => MigrateAsync(broker, stopAfter: 1));
        await Assert.ThrowsAsync<OperationCanceledException>(() => MigrateAsync(broker, stopAfter: Messages));
        await MigrateAsync(broker, stopAfter: null);

        var left = await ReadAsync(broker);
        Assert.Equal(Enumerable.Range(0, Messages), left.Distinct().Order());
        Assert.InRange(left.Count, Messages, Messages + 400);
        await broker.Topology.DeclareAsync(broker.Channel);
        await broker.Channel.ExchangeDeclarePassiveAsync(broker.Topology.ResultsExchange);
    }

    [Fact]
    public async Task A_worker_names_the_conflict_once_and_is_not_ready_and_check_names_it_too()
    {
        await using var factory = await Worker.Factory.OpenAsync();
        await factory.Broker.ReplaceLiveQueueAsync(maxLength: 1000);
        var conflict = $"queue '{factory.Broker.Topology.LiveQueue}' exists with ";

        using var worker = factory.StartWorker(("Rabbit__ReconnectLimit", "00:00:01"), ("Health__Port", "0"));
        await worker.UntilAsync(conflict);
        await Task.Delay(TimeSpan.FromSeconds(3));
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());
        Assert.Single(worker.Text.Split('\n'), line => line.Contains(conflict, StringComparison.Ordinal));

        (string, string)[] environment = [("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", factory.Prefix)];
        using var check = ChildProcess.StartWorker("queues check", environment);
        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains($"differs   {conflict}", check.Text, StringComparison.Ordinal);
        using var migrate = ChildProcess.StartWorker("queues migrate", environment);
        Assert.Equal(0, await migrate.ExitAsync());
        Assert.Contains("queues: 1 queue or exchange migrated", migrate.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_refuses_while_a_consumer_is_attached()
    {
        await using var broker = await Broker.ConnectAsync();
        await broker.ReplaceLiveQueueAsync(maxLength: 1000);
        await broker.Channel.BasicConsumeAsync(broker.Topology.LiveQueue, autoAck: false, new AsyncDefaultBasicConsumer(broker.Channel));

        var refused = await Assert.ThrowsAsync<UserErrorException>(() => MigrateAsync(broker, stopAfter: null));

        Assert.StartsWith($"{broker.Topology.LiveQueue} has 1 consumer,", refused.Message, StringComparison.Ordinal);
    }

    private static async Task MigrateAsync(Broker broker, int? stopAfter)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(RunningServices.RabbitMq) }.CreateConnectionAsync();
        var moved = 0L;
        await new QueueMigration(connection, broker.Topology, _ => { }, count =>
        {
            moved += count;
            if (moved >= stopAfter)
            {
                throw new OperationCanceledException();
            }
        }).RunAsync(despiteConsumers: false, CancellationToken.None);
    }

    private static async Task<List<int>> ReadAsync(Broker broker)
    {
        var found = new List<int>();
        while (await broker.Channel.BasicGetAsync(broker.Topology.LiveQueue, autoAck: true) is { } message)
        {
            var number = int.Parse(Encoding.UTF8.GetString(message.Body.Span), CultureInfo.InvariantCulture);
            Assert.Equal(($"image.live.A.cam-{number}", $"{number}"), (message.RoutingKey, message.BasicProperties.MessageId));
            Assert.Equal(number, message.BasicProperties.Headers!["n"]);
            found.Add(number);
        }

        return found;
    }
}
