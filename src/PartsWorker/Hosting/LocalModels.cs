using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Serving;

namespace PartsWorker.Hosting;

/// <summary>The model room alone, for commands that need a bundle and nothing else.</summary>
internal static class LocalModels
{
    public static ServiceProvider Build(Settings settings)
    {
        var configuration = settings.Load();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            // Standard output belongs to the answers, and the last line says which device gave them.
            .AddLogging(logging => logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error))
            .AddModels()
            .AddSharedLimits()
            .BuildServiceProvider();
    }

    /// <summary>The configured bundle, or the only one there is.</summary>
    public static string DefaultBundle(IServiceProvider services)
    {
        var options = services.GetRequiredService<ModelOptions>();
        if (options.Bundle.Length > 0)
        {
            return options.Bundle;
        }

        string[] found = Directory.Exists(options.RootOrDefault)
            ? [.. Directory.EnumerateFiles(options.RootOrDefault, BundleManifest.FileName, SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!)]
            : [];
        return found switch
        {
            [var only] => only,
            [] => throw new UserErrorException("which model? give --bundle models/<name>/<version>, or set Model:Bundle"),
            _ => throw new UserErrorException($"which model? give --bundle, one of: {string.Join(", ", found.Select(folder => Path.GetRelativePath(Environment.CurrentDirectory, folder)))}"),
        };
    }
}
