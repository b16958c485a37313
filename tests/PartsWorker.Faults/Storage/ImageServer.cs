using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PartsWorker.Faults.Storage;

/// <summary>Serves one folder over HTTP on loopback, with or without faults.</summary>
internal sealed class ImageServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private ImageServer(WebApplication app, string folder) => (_app, _folder) = (app, folder);

    public StorageMode Mode { get; set; }

    /// <summary><c>http://127.0.0.1:port</c></summary>
    public string Address => _app.Urls.First();

    public static async Task<ImageServer> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ImageServer(builder.Build(), folder);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (Mode)
        {
            case StorageMode.Errors:
                context.Response.StatusCode = 503;
                return;
            case StorageMode.Slow:
                await Task.Delay(1000, context.RequestAborted);
                break;
            case StorageMode.Silent:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
        }

        var file = Path.Combine(_folder, Path.GetFileName(context.Request.Path.Value!));
        if (File.Exists(file))
        {
            await context.Response.SendFileAsync(file);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
