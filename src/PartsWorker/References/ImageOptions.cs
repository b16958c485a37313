using System.ComponentModel.DataAnnotations;

namespace PartsWorker.References;

/// <summary>
/// Section <c>Images</c>: where images may be read from, how large one may be and how long a fetch may take. Only listed places are read.
/// </summary>
internal sealed class ImageOptions
{
    public const string Section = "Images";

    /// <summary>
    /// Folders below which <c>file:///</c> references may point; absolute paths, Linux only. Default: none. Links are resolved once, at
    /// first use.
    /// </summary>
    public string[] Roots { get; set; } = [];

    /// <summary>
    /// Hosts of <c>https://</c> and <c>http://</c> references: <c>name</c> (ports 443 and 80) or <c>name:port</c>, exact, no wildcards.
    /// Default: none.
    /// </summary>
    public string[] Hosts { get; set; } = [];

    /// <summary>Buckets of <c>s3://bucket/key</c> references. Default: none.</summary>
    public string[] Buckets { get; set; } = [];

    /// <summary>
    /// Prefixes of references and the places where this worker finds them, for publishers that name paths of another machine: a share, a
    /// drive of Windows, another mount point. Default: none. The longest matching prefix is replaced.
    /// </summary>
    public ReferenceMapOptions[] Map { get; set; } = [];

    /// <summary>
    /// Networks (CIDR, for example <c>10.20.0.0/16</c>) to which a listed host may resolve although they are not public. Default: none,
    /// so that a DNS entry cannot turn a reference into a request inside the plant.
    /// </summary>
    public string[] AllowPrivateNetworks { get; set; } = [];

    /// <summary>
    /// Largest encoded image in bytes, counted while reading; 1 KiB to 256 MiB, default 32 MiB: a 20-megapixel PNG fits, and the worker may
    /// hold this much for each image that it loads at the same time.
    /// </summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// Attempts in process before the part goes to the delayed retry queues; 1 to 10, default 3: enough for a short fault, and the loader
    /// is soon free again.
    /// </summary>
    [Range(1, 10)]
    public int Attempts { get; set; } = 3;

    /// <summary>First delay between attempts, doubled each time and jittered; 10 ms to 10 s, default 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Longest wait for a connection or for the next bytes; 100 ms to 1 min, default 5 s: a camera network answers in milliseconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time for one attempt; 100 ms to 5 min, default 10 s. It stops a server that sends one byte per second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest time for all attempts together; 100 ms to 10 min, default 30 s, far below the broker's consumer timeout of 30 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Files read at the same time; 1 to 256, default 32. A read on a dead network mount cannot be interrupted and keeps its slot;
    /// when all slots are taken, the storage counts as down.
    /// </summary>
    [Range(1, 256)]
    public int FileReads { get; set; } = 32;

    /// <summary>Connections to one host; 1 to 256, default 32.</summary>
    [Range(1, 256)]
    public int ConnectionsPerHost { get; set; } = 32;

    /// <summary>The store of the buckets.</summary>
    public S3Options S3 { get; set; } = new();
}
