using System.CommandLine;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Results;

namespace PartsWorker.Commands;

/// <summary><c>partsworker results</c>: prints results as workers publish them, or hands them to MQTT.</summary>
internal static class ResultsCommand
{
    private const string Notes = """
        Examples:
          partsworker results --follow --line A
          partsworker results --follow --line A --camera cam-3 --decision unknown --json
          partsworker results --bind-mqtt

        --follow prints the results that workers publish from now on, until Ctrl-C; workers publish them with Results:Publish=true.
        Earlier results are in PostgreSQL. --bind-mqtt binds the exchange of results to amq.topic, from which RabbitMQ's MQTT plugin
        serves the topics result/<line>/<camera>/<decision>. The binding stays until --unbind-mqtt removes it.
        """;

    private static readonly Option<bool> Follow = new("--follow") { Description = "Print results until stopped." };
    private static readonly Option<string?> Line = new("--line") { Description = "Only this production line." };
    private static readonly Option<string?> Camera = new("--camera") { Description = "Only this camera." };
    private static readonly Option<string?> Decision = new("--decision") { Description = "Only this decision: accepted or unknown." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object per result, its CloudEvent." };
    private static readonly Option<bool> Bind = new("--bind-mqtt") { Description = "Hand all results to MQTT." };
    private static readonly Option<bool> Unbind = new("--unbind-mqtt") { Description = "Hand no more results to MQTT." };

    public static Command Create(Settings settings)
    {
        Decision.AcceptOnlyFromAmong("accepted", "unknown");
        var command = new DocumentedCommand("results", "Print results as workers publish them, or hand them to MQTT.", Notes)
        {
            Follow, Line, Camera, Decision, Json, Bind, Unbind,
        };
        command.SetAction((arguments, cancellation) => RunAsync(settings, arguments, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, ParseResult arguments, CancellationToken cancellation)
    {
        var (follow, bind, unbind) = (arguments.GetValue(Follow), arguments.GetValue(Bind), arguments.GetValue(Unbind));
        if (new[] { follow, bind, unbind }.Count(given => given) != 1)
        {
            throw new UserErrorException("results: give one of --follow, --bind-mqtt and --unbind-mqtt");
        }

        if (!follow)
        {
            RefuseFilters(arguments);
        }

        var rabbit = RabbitSettings.From(settings.Load());
        if (follow)
        {
            await FollowAsync(rabbit, arguments, cancellation);
            return 0;
        }

        await (bind ? MqttBinding.AddAsync(rabbit, cancellation) : MqttBinding.RemoveAsync(rabbit, cancellation));
        Console.WriteLine(bind
            ? "results: MQTT subscribers receive result/<line>/<camera>/<decision>"
            : "results: MQTT subscribers receive no more results");
        return 0;
    }

    private static void RefuseFilters(ParseResult arguments)
    {
        if (new[] { Line, Camera, Decision }.Any(filter => arguments.GetValue(filter) is not null))
        {
            throw new UserErrorException("results: --line, --camera and --decision belong to --follow; MQTT subscribers choose by topic");
        }
    }

    private static async Task FollowAsync(RabbitSettings rabbit, ParseResult arguments, CancellationToken cancellation)
    {
        var print = arguments.GetValue(Json) ? (Func<ClassificationResult, string>)ResultLine.Json : ResultLine.Text;
        await using var subscriber = await ConnectAsync(rabbit, arguments, cancellation);
        await Console.Error.WriteLineAsync("partsworker: following results; stop with Ctrl-C");
        await subscriber.RunAsync((result, _) => Console.Out.WriteLineAsync(print(result)), cancellation);
    }

    private static async Task<ResultSubscriber> ConnectAsync(
        RabbitSettings rabbit, ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            return await ResultSubscriber.ConnectAsync(
                new SubscriberOptions
                {
                    ConnectionString = rabbit.ConnectionString,
                    Connection = rabbit.Connection,
                    ClientName = $"partsworker results on {Environment.MachineName}",
                    Prefix = rabbit.Prefix,
                    Declare = rabbit.Declare,
                    Line = arguments.GetValue(Line),
                    Camera = arguments.GetValue(Camera),
                    Decision = arguments.GetValue(Decision),
                    Notice = line => Console.Error.WriteLine($"partsworker: {line}"),
                },
                cancellation);
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"results: {error.Message}", inner: error);
        }
    }
}
