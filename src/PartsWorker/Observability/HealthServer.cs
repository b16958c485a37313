using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace PartsWorker.Observability;

/// <summary>
/// Answers probes and Prometheus. Live checks only this process; ready reports the active model, its device and every open problem.
/// </summary>
internal sealed class HealthServer(HealthOptions options, WorkerState state, ILogger<HealthServer> log) : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;
    private MeterProvider? _metrics;

    /// <summary>Does nothing when the server is already running or no port is set.</summary>
    /// <exception cref="IOException">Another program has the port.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Port == 0 || _server is not null)
        {
            return;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{options.Address}:{options.Port}");
        _server = builder.Build();
        _server.MapGet("/health/live", Live);
        _server.MapGet("/health/ready", Ready);
        if (options.Metrics)
        {
            _metrics = Telemetry.Meters("partsworker").AddPrometheusExporter().Build();
            _server.MapPrometheusScrapingEndpoint("/metrics", _metrics, configureBranchedPipeline: null, optionsName: null);
        }

        await _server.StartAsync(cancellationToken);
        log.HealthAt($"http://{options.Address}:{options.Port}/health/ready");
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _metrics?.Dispose();
    }

    private ContentHttpResult Live() =>
        state.Busy && state.SinceTick > options.Silence
            ? TypedResults.Text(
                $"no stage moved for {state.SinceTick.TotalSeconds:0} s", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text("live");

    private JsonHttpResult<ReadyAnswer> Ready()
    {
        var body = new ReadyAnswer(state.IsReady, state.Model, state.Device, state.Problems);
        var status = state.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return TypedResults.Json(body, HealthJson.Default.ReadyAnswer, statusCode: status);
    }
}
