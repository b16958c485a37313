using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Client;

/// <summary>How a <see cref="PartsPublisher"/> connects and how much it keeps outstanding.</summary>
public sealed class PublisherOptions
{
    /// <summary><c>amqp[s]://[user[:password]@]host[:port][,host...][/vhost]</c></summary>
    public required string ConnectionString { get; init; }

    /// <summary>User, password and certificates that are kept out of the connection string.</summary>
    public RabbitConnectionOptions Connection { get; init; } = new();

    /// <summary>Shown in the broker's list of connections. Default: the machine's name.</summary>
    public string ClientName { get; init; } = $"partsworker publisher on {Environment.MachineName}";

    /// <summary>First word of exchange and queue names. Default <c>parts</c>.</summary>
    public string Prefix { get; init; } = "parts";

    /// <summary>Declare exchanges and queues on connecting. Switch off for users who may only write. Default true.</summary>
    public bool Declare { get; init; } = true;

    /// <summary>Format on the wire; readers understand all. Default plain JSON.</summary>
    public MessageFormat Format { get; init; } = MessageFormat.PlainJson;

    /// <summary>References sent and not yet confirmed, 1 to 4096. Default 256: beyond that a broker gains nothing.</summary>
    [Range(1, 4096)]
    public int MaxOutstanding { get; init; } = 256;

    /// <summary>How long one attempt waits for the broker's confirm, 100 ms to 5 min. Default 15 s; then it reconnects.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long <see cref="PartsPublisher.PublishAsync(ImageReference, Lane, CancellationToken)"/> keeps trying over broken connections,
    /// 0 to 1 h. Default 30 s.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Clock for waits and timestamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Require(MaxOutstanding is >= 1 and <= 4096, nameof(MaxOutstanding), "1 to 4096");
        var confirms = ConfirmTimeout >= TimeSpan.FromMilliseconds(100) && ConfirmTimeout <= TimeSpan.FromMinutes(5);
        Require(confirms, nameof(ConfirmTimeout), "100 ms to 5 min");
        Require(GiveUpAfter >= TimeSpan.Zero && GiveUpAfter <= TimeSpan.FromHours(1), nameof(GiveUpAfter), "0 to 1 h");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"PublisherOptions.{name} must be {range}");
        }
    }
}
