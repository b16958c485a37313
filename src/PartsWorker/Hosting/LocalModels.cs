using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Serving;

namespace PartsWorker.Hosting;

/// <summary>The services of Serving alone, for commands that need only a bundle.</summary>
internal static class LocalModels
{
    public static ServiceProvider Build(Settings settings)
    {
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(settings.Load())
            // Standard output is for the results; their last line already names the device.
            .AddLogging(logging => logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error))
            .AddModels()
            .AddSharedLimits()
            .BuildServiceProvider();
    }

    /// <summary>The configured bundle, or the only one below Model:Root.</summary>
    public static string DefaultBundle(IServiceProvider services)
    {
        var options = services.GetRequiredService<ModelOptions>();
        if (options.Bundle.Length > 0)
        {
            return options.Bundle;
        }

        string[] found = Directory.Exists(options.RootOrDefault)
            ? [.. Directory.EnumerateFiles(options.RootOrDefault, BundleManifest.FileName, SearchOption.AllDirectories)
                .Select(file => Path.GetDirectoryName(file)!)]
            : [];
        return found switch
        {
            [var only] => only,
            [] => throw new UserErrorException("no bundle is given; use --bundle models/<name>/<version> or set Model:Bundle"),
            _ => throw new UserErrorException(
                $"there are several bundles; use --bundle with one of: {string.Join(", ", found.Select(Relative))}"),
        };
    }

    private static string Relative(string folder) => Path.GetRelativePath(Environment.CurrentDirectory, folder);
}
