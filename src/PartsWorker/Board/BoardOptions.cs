using System.ComponentModel.DataAnnotations;
using System.Net;

namespace PartsWorker.Board;

/// <summary>Section <c>Board</c>: the web page of <c>partsworker board</c>.</summary>
internal sealed class BoardOptions : IValidatableObject
{
    public const string Section = "Board";

    /// <summary>
    /// Address to listen on. <value>Default 127.0.0.1. Any other address needs <see cref="Certificate"/> or <see cref="BehindProxy"/>:
    /// passwords must not cross a network unencrypted.</value>
    /// </summary>
    [Required]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port. <value>0..65535, default 8090; 0 = any free port, named in the log.</value></summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 8090;

    /// <summary>
    /// Certificate file for HTTPS: PEM (with <see cref="CertificateKey"/>) or PFX without a password. <value>Default none.</value>
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>
    /// PEM file with the private key of <see cref="Certificate"/>. <value>Default none: the certificate file contains it.</value>
    /// </summary>
    public string CertificateKey { get; init; } = "";

    /// <summary>
    /// True when a reverse proxy terminates TLS and is the only client: its X-Forwarded headers (For, Proto, Host) are
    /// then believed. <value>Default false.</value>
    /// </summary>
    public bool BehindProxy { get; init; }

    /// <summary>
    /// A session ends after this time without a click or key. <value>1 min..7 d, default 30 min; a wall display wants more.</value>
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A session ends at this age in any case. <value>1 min..30 d, default 12 h: longer than a shift.</value></summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Attempts to sign in per minute, for each client address and for each login. <value>1..1000, default 6.</value></summary>
    [Range(1, 1000)]
    public int SignInsPerMinute { get; init; } = 6;

    /// <summary>Memory for encoded thumbnails. <value>1..4096 MiB, default 64: about 8,000 of them.</value></summary>
    [Range(1, 4096)]
    public int CacheMiB { get; init; } = 64;

    /// <summary>How often the page Live asks the database, however many people look. <value>1 s..1 min, default 2 s.</value></summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan LiveInterval { get; init; } = TimeSpan.FromSeconds(2);

    public bool IsHttps => Certificate.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out var address))
        {
            yield return new($"Board:Address is not an IP address: {Address}; use 127.0.0.1, 0.0.0.0 or an address of this machine.");
        }
        else if (!IPAddress.IsLoopback(address) && !IsHttps && !BehindProxy)
        {
            yield return new(
                $"Board:Address {Address} can be reached from other machines: set Board:Certificate, "
                + "or Board:BehindProxy=true if a reverse proxy terminates TLS.");
        }

        foreach (var file in new[] { Certificate, CertificateKey }.Where(file => file.Length > 0 && !File.Exists(file)))
        {
            yield return new($"Board:Certificate or Board:CertificateKey names a file that does not exist: {file}");
        }
    }
}
