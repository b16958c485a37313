using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Client;

/// <summary>Connection settings outside the connection string. Section <c>Rabbit</c>.</summary>
public sealed class RabbitConnectionOptions
{
    /// <summary>User name; overrides the one in the connection string. Default: the connection string's.</summary>
    public string? UserName { get; set; }

    /// <summary>
    /// Password, any characters, without escaping; overrides the one in the connection string. Default: the connection string's.
    /// </summary>
    public string? Password { get; set; }

    /// <summary>PEM file with the only certificate authorities to trust for <c>amqps</c>. Default: the machine's own.</summary>
    public string? CaFile { get; set; }

    /// <summary>
    /// PEM file with this client's certificate, for a broker that accepts only known clients over <c>amqps</c>. Default: none.
    /// </summary>
    public string? CertFile { get; set; }

    /// <summary>PEM file with the unencrypted private key of <see cref="CertFile"/>. Default: that file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Name the broker's certificate must carry. Default: the host name that is connected to.</summary>
    public string? ServerName { get; set; }

    /// <summary>Seconds between heartbeats, 5 to 300. Default 20: a half-open connection is detected within 40 s.</summary>
    [Range(5, 300)]
    public int HeartbeatSeconds { get; set; } = 20;
}
