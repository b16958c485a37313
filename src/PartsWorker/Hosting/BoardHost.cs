using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PartsWorker.Board;
using PartsWorker.Serving;

namespace PartsWorker.Hosting;

/// <summary>
/// Composes the board: a web server of its own, which needs the database, the images, and for some pages a model or the broker.
/// </summary>
internal static class BoardHost
{
    public static WebApplication Create(IConfiguration configuration)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "partsworker", ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddConfiguration(configuration);
        // A build output has no wwwroot; its manifest says where the files are. A published folder has the files and no manifest.
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging")).AddWorkerConsole(configuration)
            // Warns that keys are kept unencrypted; they are not kept at all.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // Logs an error with its stack trace when a browser leaves while the board sends it to another page.
            .AddFilter("Microsoft.AspNetCore.Components.Server.Circuits.RemoteNavigationManager", LogLevel.None);
        builder.Services.AddSystemd();
        // An open page keeps its connection until the browser answers, and browsers on screens that sleep do not.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        builder.Services.AddRouting().AddBoard().AddImages().AddModels().AddSharedLimits();
        builder.WebHost.UseKestrel().ConfigureKestrel(Listen);
        var app = builder.Build();
        app.UseBoard();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<BoardOptions>();
        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Parse(options.Address), options.Port, listener =>
        {
            if (options.IsHttps)
            {
                listener.UseHttps(Certificate(options));
            }
        });
    }

    private static X509Certificate2 Certificate(BoardOptions options) =>
        Path.GetExtension(options.Certificate).ToUpperInvariant() is ".PFX" or ".P12"
            ? X509CertificateLoader.LoadPkcs12FromFile(options.Certificate, password: null)
            : X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey.Length > 0 ? options.CertificateKey : null);
}
