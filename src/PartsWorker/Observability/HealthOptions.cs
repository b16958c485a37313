using System.ComponentModel.DataAnnotations;
using System.Net;

namespace PartsWorker.Observability;

/// <summary>Section <c>Health</c>: the small HTTP server for probes and Prometheus.</summary>
internal sealed class HealthOptions : IValidatableObject
{
    public const string Section = "Health";

    /// <summary>
    /// TCP port of <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>. <value>0..65535, default 0 = none, so that several
    /// workers start on one machine; the container image sets 8080.</value>
    /// </summary>
    [Range(0, 65535)]
    public int Port { get; init; }

    /// <summary>
    /// Whether <c>/metrics</c> answers Prometheus on the same port. <value>Default true: a plant without an OpenTelemetry collector then
    /// needs no other setting, and the labels name lanes, models and reasons, never an image; false = 404.</value>
    /// </summary>
    public bool Metrics { get; init; } = true;

    /// <summary>
    /// Address to listen on, an IP address or localhost. <value>Default 0.0.0.0: probes come from outside the container.</value>
    /// </summary>
    [Required]
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>
    /// Longest time without progress in the stage loops, while work waits, before the process counts as dead. <value>10 s..1 h, default 5
    /// min: longer than any single batch.</value>
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Kestrel would listen on all addresses for any other name.
        if (!IPAddress.TryParse(Address, out _) && !"localhost".Equals(Address, StringComparison.OrdinalIgnoreCase))
        {
            yield return new($"Address is not an IP address: {Address}; use 127.0.0.1, 0.0.0.0, localhost or an address of this machine.");
        }
    }
}
