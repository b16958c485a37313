namespace PartsWorker.Client;

/// <summary>Headers that PartsWorker writes on its own messages.</summary>
public static class PartsHeaders
{
    /// <summary>How many times this reference was tried, as an int; broker counters differ between versions.</summary>
    public const string Attempt = "x-parts-attempt";

    /// <summary>When a worker first saw it, RFC 3339.</summary>
    public const string FirstSeen = "x-parts-first-seen";

    /// <summary>On dead letters: the kind of failure in kebab-case, such as <c>missing-image</c>.</summary>
    public const string Reason = "x-parts-reason";

    /// <summary>On dead letters: the stage that failed.</summary>
    public const string Stage = "x-parts-stage";

    /// <summary>On dead letters: one line of explanation.</summary>
    public const string Error = "x-parts-error";

    /// <summary>On dead letters: the lane to replay to, <c>live</c> or <c>reprocess</c>.</summary>
    public const string Lane = "x-parts-lane";

    /// <summary>On references to classify again: key of the model to use, <c>name@version</c>; without it the active one.</summary>
    public const string Model = "x-parts-model";

    /// <summary>On references: when they were published, RFC 3339 in milliseconds; the AMQP timestamp has whole seconds.</summary>
    public const string PublishedAt = "x-parts-published-at";

    /// <summary>On forwarded and replayed messages: a new id for each copy, by which a worker knows a redelivered one.</summary>
    public const string Copy = "x-parts-copy";

    /// <summary>Prefix of all headers above.</summary>
    public const string Prefix = "x-parts-";
}
