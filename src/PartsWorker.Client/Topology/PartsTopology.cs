using RabbitMQ.Client;

namespace PartsWorker.Client;

/// <summary>
/// Exchanges and queues, which every client declares with the same arguments. Works on RabbitMQ 3.10 and newer.
/// <code>
/// parts (topic)      --image.live.#-------> parts.live        -- dead --> parts.dead
///                    --image.reprocess.#--> parts.reprocess   -- dead --> parts.dead
/// parts.retry.N (fanout) -----------------> parts.retry.N     -- after its delay, old routing key --> parts
/// parts.dead (fanout) --------------------> parts.dead
/// parts.results (topic) --result.#--------> queues of subscribers, only with Results:Publish
/// </code>
/// </summary>
public sealed class PartsTopology
{
    /// <summary>
    /// Ready messages per queue before publishers are refused; far more than a week of a large plant, and less than a broker's disk can
    /// store.
    /// </summary>
    public const int MaxLength = 10_000_000;

    /// <summary>
    /// Deliveries before the broker dead-letters a message. Above the broker's default of 20, so that repeated kills of workers do not
    /// dead-letter good messages, but low enough to end a crash loop.
    /// </summary>
    public const int DeliveryLimit = 100;

    // Reading dead letters redelivers them; the broker's default limit would drop them after 20 reads.
    internal const int Unlimited = 1_000_000_000;

    /// <param name="prefix">
    /// First word of every name; 1 to 40 characters of <c>A-Z a-z 0-9 . _ -</c>. Another prefix gives separate queues on the same broker.
    /// </param>
    public PartsTopology(string prefix = "parts")
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length is 0 or > 40 || !prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            throw new ArgumentException(
                $"Rabbit:Prefix must be 1 to 40 characters of A-Z a-z 0-9 . _ -, not '{ReferenceRules.Printable(prefix)}'", nameof(prefix));
        }

        Exchange = prefix;
        LiveQueue = prefix + ".live";
        ReprocessQueue = prefix + ".reprocess";
        DeadExchange = DeadQueue = prefix + ".dead";
        ResultsExchange = prefix + ".results";
        RetrySteps = [Step(1, 5), Step(2, 30), Step(3, 300)];
        Exchanges =
        [
            new(Exchange, ExchangeType.Topic), new(DeadExchange, ExchangeType.Fanout),
            .. RetrySteps.Select(step => new NeededExchange(step.Name, ExchangeType.Fanout)),
        ];
        Queues =
        [
            new(DeadQueue, DeadExchange, "", Quorum(new() { ["x-delivery-limit"] = Unlimited })),
            .. RetrySteps.Select(step => new NeededQueue(step.Name, step.Name, "", Quorum(Retry(step)))),
            .. Enum.GetValues<Lane>().Select(
                lane => new NeededQueue(QueueOf(lane), Exchange, $"image.{NameOf(lane)}.#", Quorum(WorkArguments()))),
        ];

        RetryStep Step(int number, int seconds) => new($"{prefix}.retry.{number}", TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Topic exchange that references are published to.</summary>
    public string Exchange { get; }

    /// <summary>Queue of the lane <see cref="Lane.Live"/>.</summary>
    public string LiveQueue { get; }

    /// <summary>Queue of the lane <see cref="Lane.Reprocess"/>.</summary>
    public string ReprocessQueue { get; }

    /// <summary>Fanout exchange in front of <see cref="DeadQueue"/>.</summary>
    public string DeadExchange { get; }

    /// <summary>Messages that failed for good, each with its reason.</summary>
    public string DeadQueue { get; }

    /// <summary>Topic exchange that workers publish their results to.</summary>
    public string ResultsExchange { get; }

    /// <summary>Delayed retries, shortest first: 5 s, 30 s, 5 min.</summary>
    public IReadOnlyList<RetryStep> RetrySteps { get; }

    /// <summary>The exchanges that every client declares.</summary>
    internal IReadOnlyList<NeededExchange> Exchanges { get; }

    /// <summary>The queues that every client declares and binds.</summary>
    internal IReadOnlyList<NeededQueue> Queues { get; }

    /// <summary>The exchange of results.</summary>
    internal NeededExchange Results => new(ResultsExchange, ExchangeType.Topic);

    /// <summary>The queue of a lane.</summary>
    public string QueueOf(Lane lane) => lane == Lane.Live ? LiveQueue : ReprocessQueue;

    /// <summary><c>image.&lt;lane&gt;.&lt;line&gt;.&lt;camera&gt;</c></summary>
    public static string RoutingKey(Lane lane, string line, string camera) => $"image.{NameOf(lane)}.{line}.{camera}";

    /// <summary><c>result.&lt;line&gt;.&lt;camera&gt;.&lt;decision&gt;</c>; as a binding, <c>*</c> for each part that is null.</summary>
    public static string ResultKey(string? line = null, string? camera = null, string? decision = null) =>
        $"result.{line ?? "*"}.{camera ?? "*"}.{decision ?? "*"}";

    /// <summary>The lane's name in routing keys, headers and SQL: <c>live</c> or <c>reprocess</c>.</summary>
    public static string NameOf(Lane lane) => lane == Lane.Live ? "live" : "reprocess";

    /// <summary>The lane that a routing key names; null for the routing keys of other programs.</summary>
    public static Lane? LaneOf(string? routingKey) => routingKey?.Split('.') switch
    {
        ["image", "live", ..] => Lane.Live,
        ["image", "reprocess", ..] => Lane.Reprocess,
        _ => null,
    };

    /// <summary>Declares all exchanges and queues; does nothing if they exist with the same arguments.</summary>
    /// <exception cref="RabbitConnectionException">
    /// One exists with other arguments, or the user may not declare; one line with the remedy.
    /// </exception>
    public async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        foreach (var exchange in Exchanges)
        {
            await DeclareAsync(channel, exchange, cancellationToken);
        }

        foreach (var queue in Queues)
        {
            await DeclareAsync(channel, queue, cancellationToken);
            await channel.QueueBindAsync(queue.Name, queue.Exchange, queue.BindingKey, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Declares the exchange of results; does nothing if it exists.</summary>
    /// <exception cref="RabbitConnectionException">As <see cref="DeclareAsync(IChannel, CancellationToken)"/>.</exception>
    public Task DeclareResultsAsync(IChannel channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return DeclareAsync(channel, Results, cancellationToken);
    }

    internal static Task DeclareAsync(IChannel channel, NeededExchange exchange, CancellationToken cancellationToken) =>
        DeclareRefusals.ExplainAsync(() => channel.ExchangeDeclareAsync(
            exchange.Name, exchange.Type, durable: true, autoDelete: false, cancellationToken: cancellationToken));

    internal static Task DeclareAsync(IChannel channel, NeededQueue queue, CancellationToken cancellationToken) =>
        DeclareRefusals.ExplainAsync(() => channel.QueueDeclareAsync(
            queue.Name, durable: true, exclusive: false, autoDelete: false, queue.Arguments, cancellationToken: cancellationToken));

    private static Dictionary<string, object?> Quorum(Dictionary<string, object?> arguments)
    {
        arguments["x-queue-type"] = "quorum";
        return arguments;
    }

    private Dictionary<string, object?> WorkArguments() => new(DeadLetteringTo(DeadExchange)) { ["x-delivery-limit"] = DeliveryLimit };

    // No dead-letter routing key: the original one is kept, so that the reference returns to its own lane.
    private Dictionary<string, object?> Retry(RetryStep step) =>
        new(DeadLetteringTo(Exchange)) { ["x-message-ttl"] = (int)step.Delay.TotalMilliseconds };

    // At-least-once dead-lettering silently degrades unless the overflow is reject-publish.
    private static Dictionary<string, object?> DeadLetteringTo(string exchange) => new()
    {
        ["x-dead-letter-exchange"] = exchange,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
        ["x-max-length"] = MaxLength,
    };
}
