namespace PartsWorker.Status;

/// <summary>What <c>partsworker status</c> found; a part that could not be asked is null, and a problem says why.</summary>
/// <param name="Broker">Address and version.</param>
/// <param name="Queues">All queues of the topology that exist.</param>
/// <param name="Database">The database and its schema.</param>
/// <param name="Model">The pointer to the active model.</param>
/// <param name="Workers">Workers that stored something in the last five minutes; the broker knows only their connections.</param>
/// <param name="LastMinute">What was stored and what failed.</param>
/// <param name="DeadLetters">Dead letters by reason, as in SQL.</param>
/// <param name="Roots">Folders of Images:Roots, as this machine and this user see them.</param>
/// <param name="Problems">What keeps images from being classified now; none means exit code 0.</param>
internal sealed record StatusReport(
    string? Broker, IReadOnlyList<QueueStatus>? Queues, DatabaseStatus? Database, ModelStatus? Model,
    IReadOnlyList<WorkerStatus>? Workers, MinuteStatus? LastMinute, IReadOnlyDictionary<string, long>? DeadLetters,
    IReadOnlyDictionary<string, bool> Roots, IReadOnlyList<string> Problems);

/// <param name="Queue">Name.</param>
/// <param name="Waiting">Messages that no consumer holds.</param>
/// <param name="Consumers">Connected consumers.</param>
/// <param name="OldestSeconds">Longest time that one of them waits, at most; null when unknown or none waits.</param>
internal sealed record QueueStatus(string Queue, long Waiting, long Consumers, double? OldestSeconds);

/// <param name="Address">Host, port and database.</param>
/// <param name="Version">Of PostgreSQL.</param>
/// <param name="Schema">Newest applied migration; null when this login may not read it.</param>
/// <param name="ProgramSchema">Newest migration of this program.</param>
internal sealed record DatabaseStatus(string Address, string Version, int? Schema, int ProgramSchema);

internal sealed record ModelStatus(string? Active, DateTimeOffset? ActiveSince, string? Shadow, double ShadowShare);

internal sealed record WorkerStatus(string Worker, DateTimeOffset LastStored, long StoredLastMinute);

internal sealed record MinuteStatus(long Stored, long Retried, long Dead);
