using System.Buffers;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using PartsWorker.Client;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Worker;

namespace PartsWorker.IntegrationTests.Results;

/// <summary>A gateway of a PLC, which speaks MQTT only, receives results from RabbitMQ's own plugin.</summary>
public sealed class MqttTests
{
    [MqttFact]
    public async Task A_subscriber_of_one_camera_and_decision_receives_its_results_and_no_others()
    {
        await using var factory = await Factory.OpenAsync();
        var environment = new[] { ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", factory.Prefix) };
        await SucceedAsync(ChildProcess.StartWorker("results --bind-mqtt", environment));
        var received = new TaskCompletionSource<(string Topic, byte[] Payload)>();
        using var gateway = new MqttClientFactory().CreateMqttClient();
        gateway.ApplicationMessageReceivedAsync += message =>
        {
            received.TrySetResult((message.ApplicationMessage.Topic, message.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        // As deploy/OPERATIONS.md documents it.
        var name = $"gateway-{Guid.NewGuid():N}";
        using var management = new RabbitManagement(RunningServices.Management!);
        await management.CreateUserAsync(
            name, "a-password", "^mqtt-subscription-", "^mqtt-subscription-", @"^(mqtt-subscription-.*|amq\.topic)$");
        await ConnectAsync(gateway, name, "a-password");
        await gateway.SubscribeAsync("result/A/cam-3/unknown", MqttQualityOfServiceLevel.AtLeastOnce);

        await PublishAsync(factory, "cam-3", "nut");
        await PublishAsync(factory, "cam-4", null);
        var unknown = await PublishAsync(factory, "cam-3", null);

        var (topic, payload) = await received.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("result/A/cam-3/unknown", topic);
        Assert.Equal(unknown, ClassificationResultCodec.Decode(payload).ImageId);
        await SucceedAsync(ChildProcess.StartWorker("results --unbind-mqtt", environment));
        await management.DeleteUserAsync(name);
    }

    [MqttFact]
    public async Task A_worker_that_publishes_reaches_it_too()
    {
        await using var factory = await Factory.OpenAsync();
        var environment = new[] { ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", factory.Prefix) };
        await SucceedAsync(ChildProcess.StartWorker("results --bind-mqtt", environment));
        var received = new TaskCompletionSource<byte[]>();
        using var gateway = new MqttClientFactory().CreateMqttClient();
        gateway.ApplicationMessageReceivedAsync += message =>
        {
            received.TrySetResult(message.ApplicationMessage.Payload.ToArray());
            return Task.CompletedTask;
        };
        var login = new Uri(RunningServices.RabbitMq).UserInfo.Split(':');
        await ConnectAsync(gateway, login[0], login[1]);
        await gateway.SubscribeAsync("result/A/cam-1/+", MqttQualityOfServiceLevel.AtLeastOnce);
        var id = await factory.PublishAsync(factory.CopyGoldenImages()[0]);

        using var worker = factory.StartWorker(("Results__Publish", "true"));

        Assert.Equal(id, ClassificationResultCodec.Decode(await received.Task.WaitAsync(TimeSpan.FromMinutes(1))).ImageId);
        await SucceedAsync(ChildProcess.StartWorker("results --unbind-mqtt", environment));
    }

    private static async Task ConnectAsync(IMqttClient gateway, string user, string password)
    {
        await gateway.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", RunningServices.MqttPort)
            .WithCredentials(user, password)
            // RabbitMQ before 3.13 knows no later one.
            .WithProtocolVersion(MqttProtocolVersion.V311)
            .WithClientId($"gateway-{Guid.NewGuid():N}")
            .WithCleanSession(true)
            .Build());
    }

    private static async Task<Guid> PublishAsync(Factory factory, string camera, string? className)
    {
        var result = Support.SomeResult.Event(camera, className);
        await factory.Broker.Channel.BasicPublishAsync(
            factory.Broker.Topology.ResultsExchange, PartsTopology.ResultKey("A", camera, result.Decision), mandatory: false,
            new RabbitMQ.Client.BasicProperties { Persistent = true }, ClassificationResultCodec.Encode(result).Body);
        return result.ImageId;
    }

    private static async Task SucceedAsync(ChildProcess command)
    {
        using (command)
        {
            Assert.True(await command.ExitAsync() == 0, command.Text);
        }
    }
}

/// <summary>Runs only if RabbitMQ's MQTT plugin is running; otherwise it is skipped with a reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MqttFactAttribute : FactAttribute
{
    public MqttFactAttribute()
    {
        if (RunningServices.MqttPort is null)
        {
            Skip = "RabbitMQ's MQTT plugin is not running: start services.sh with PARTS_MQTT_PORT";
        }
    }
}
