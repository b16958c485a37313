using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Client;

/// <summary>Which results a <see cref="ResultSubscriber"/> receives, and how it connects.</summary>
public sealed class SubscriberOptions
{
    /// <summary><c>amqp[s]://[user[:password]@]host[:port][,host...][/vhost]</c></summary>
    public required string ConnectionString { get; init; }

    /// <summary>User, password and certificates that are kept out of the connection string.</summary>
    public RabbitConnectionOptions Connection { get; init; } = new();

    /// <summary>Shown in the broker's list of connections. Default: the machine's name.</summary>
    public string ClientName { get; init; } = $"partsworker results on {Environment.MachineName}";

    /// <summary>First word of exchange and queue names. Default <c>parts</c>.</summary>
    public string Prefix { get; init; } = "parts";

    /// <summary>Only results of this production line. Default: all.</summary>
    public string? Line { get; init; }

    /// <summary>Only results of this camera. Default: all.</summary>
    public string? Camera { get; init; }

    /// <summary>Only results with this decision, <c>accepted</c> or <c>unknown</c>. Default: both.</summary>
    public string? Decision { get; init; }

    /// <summary>
    /// Name of the durable queue that keeps results while no subscriber is connected; several subscribers of one queue share the work, and
    /// every program needs its own. A queue keeps the filters that it was bound with, so delete it before you change them. Default null: a
    /// queue that exists only while this subscriber is connected.
    /// </summary>
    public string? Queue { get; init; }

    /// <summary>
    /// Results that the durable queue keeps at most, 1 to 10,000,000. Default 1,000,000. The oldest are dropped first, so that a subscriber
    /// that is away never stops the line.
    /// </summary>
    [Range(1, PartsTopology.MaxLength)]
    public int MaxLength { get; init; } = 1_000_000;

    /// <summary>Results sent by the broker and not yet handled, 1 to 2000. Default 100.</summary>
    [Range(1, 2000)]
    public int Prefetch { get; init; } = 100;

    /// <summary>Declare the exchange on connecting. Switch off for users who may only read from it. Default true.</summary>
    public bool Declare { get; init; } = true;

    /// <summary>Called with one line when the connection is lost or found again, or a message is not a result.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Clock for waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        const string Word = "1 to 64 characters of A-Z a-z 0-9 _ -";
        Require(Line is null || ReferenceRules.IsWord(Line), nameof(Line), Word);
        Require(Camera is null || ReferenceRules.IsWord(Camera), nameof(Camera), Word);
        Require(Decision is null or "accepted" or "unknown", nameof(Decision), "accepted or unknown");
        Require(Queue is null or { Length: > 0 and <= 200 }, nameof(Queue), "1 to 200 characters");
        Require(MaxLength is >= 1 and <= PartsTopology.MaxLength, nameof(MaxLength), "1 to 10,000,000");
        Require(Prefetch is >= 1 and <= 2000, nameof(Prefetch), "1 to 2000");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"SubscriberOptions.{name} must be {range}");
        }
    }
}
