using System.Diagnostics.CodeAnalysis;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PartsWorker.Observability;

/// <summary>
/// Sends metrics and traces over OTLP until it is disposed. It follows OpenTelemetry's own environment variables and does nothing
/// unless <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; without a listener the instruments cost nothing.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    [SuppressMessage("Reliability", "CA2000", Justification = "Owned by the fields and disposed with them.")]
    private Telemetry(string service)
    {
        _metrics = Meters(service).AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource(service))
            .AddSource(PartTracing.SourceName, "RabbitMQ.Client.Publisher")
            .AddOtlpExporter()
            .Build();
    }

    /// <returns>Null where no endpoint is set.</returns>
    public static Telemetry? Start(string service) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint)) ? null : new Telemetry(service);

    /// <summary>All metrics of this program; the caller adds the exporter, and several may be active at the same time.</summary>
    public static MeterProviderBuilder Meters(string service) => Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(Resource(service))
        .AddMeter(PipelineMetrics.MeterName, "Npgsql", "System.Runtime");

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static ResourceBuilder Resource(string service) =>
        ResourceBuilder.CreateDefault().AddService(service, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}");
}
