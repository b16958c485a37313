using System.ComponentModel.DataAnnotations;
using PartsWorker.Client;

namespace PartsWorker.Configuration;

/// <summary>Section <c>Rabbit</c>: how the worker connects to RabbitMQ and reconnects.</summary>
internal sealed class RabbitOptions
{
    public const string Section = "Rabbit";

    /// <summary>First word of the exchange and queue names.
    /// <value>Default <c>parts</c>; another prefix gives a separate set.</value></summary>
    [Required, RegularExpression("^[A-Za-z0-9._-]{1,40}$", ErrorMessage = "Prefix must be 1 to 40 characters of A-Z a-z 0-9 . _ -.")]
    public string Prefix { get; init; } = "parts";

    /// <summary>Longest pause between two attempts to connect.
    /// <value>1 s..5 min, default 15 s; pauses start at 0.5 s and double, half of each is random.</value></summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ReconnectLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for the broker to accept an acknowledgement or to confirm a publish.
    /// <value>1 s..5 min, default 30 s: longer than a leader election of a quorum queue.</value></summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan BrokerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often to check whether the queue has messages although none arrive.
    /// <value>1 s..10 min, default 15 s; two positive checks in a row reconnect.</value></summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WatchdogInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Declare exchanges and queues on connecting.
    /// <value>Default true; false for a user who may not: they must then exist, declared by another client.</value></summary>
    public bool Declare { get; init; } = true;

    /// <inheritdoc cref="RabbitConnectionOptions.UserName"/>
    public string? UserName { get; init; }

    /// <inheritdoc cref="RabbitConnectionOptions.Password"/>
    public string? Password { get; init; }

    /// <inheritdoc cref="RabbitConnectionOptions.CaFile"/>
    public string? CaFile { get; init; }

    /// <inheritdoc cref="RabbitConnectionOptions.CertFile"/>
    public string? CertFile { get; init; }

    /// <inheritdoc cref="RabbitConnectionOptions.KeyFile"/>
    public string? KeyFile { get; init; }

    /// <inheritdoc cref="RabbitConnectionOptions.ServerName"/>
    public string? ServerName { get; init; }

    /// <inheritdoc cref="RabbitConnectionOptions.HeartbeatSeconds"/>
    [Range(5, 300)]
    public int HeartbeatSeconds { get; init; } = 20;

    internal RabbitConnectionOptions Connection => new()
    {
        UserName = UserName,
        Password = Password,
        CaFile = CaFile,
        CertFile = CertFile,
        KeyFile = KeyFile,
        ServerName = ServerName,
        HeartbeatSeconds = HeartbeatSeconds,
    };
}
