namespace PartsWorker.Intake;

/// <summary>Acknowledges settled delivery tags. Implemented per channel of one connection generation, and in memory for tests.</summary>
internal interface IAcknowledger
{
    /// <summary>Never blocks and never throws: a tag of a lost connection is dropped, the broker will redeliver.</summary>
    void Settled(ulong tag);

    /// <summary>The connection this tag came over is gone; the broker will deliver the message again.</summary>
    bool IsLost { get; }
}
