using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PartsWorker.Observability;

/// <summary>Answers probes. Live looks only at this process; ready says which model answers on which device, and what is missing.</summary>
internal sealed class HealthServer(HealthOptions options, WorkerState state, ILogger<HealthServer> log) : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Port == 0)
        {
            return;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{options.Address}:{options.Port}");
        _server = builder.Build();
        _server.MapGet("/health/live", Live);
        _server.MapGet("/health/ready", Ready);
        await _server.StartAsync(cancellationToken);
        log.HealthAt($"http://{options.Address}:{options.Port}/health/ready");
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ContentHttpResult Live() =>
        state.Busy && state.SinceTick > options.Silence
            ? TypedResults.Text($"no stage moved for {state.SinceTick.TotalSeconds:0} s", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text("live");

    private JsonHttpResult<ReadyAnswer> Ready()
    {
        var body = new ReadyAnswer(state.IsReady, state.Model, state.Device, state.Problems);
        return TypedResults.Json(body, HealthJson.Default.ReadyAnswer, statusCode: state.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
