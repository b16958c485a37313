using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Serving;

namespace PartsWorker.Commands;

/// <summary>What the commands share that change which model answers.</summary>
internal static class RegistryCommands
{
    /// <exception cref="UserErrorException">The bundle is missing, altered, or does not reproduce its golden outputs on this machine.</exception>
    public static ModelBundle Prove(Settings settings, string folder) =>
        Run(settings, services => services.GetRequiredService<BundleProof>().Prove(folder).Bundle);

    /// <exception cref="UserErrorException">The key is not of the form <c>name@version</c>.</exception>
    public static string FolderOf(Settings settings, string key) => Run(settings, services => services.GetRequiredService<ModelFolders>().FolderOf(key));

    private static T Run<T>(Settings settings, Func<IServiceProvider, T> work)
    {
        using var services = LocalModels.Build(settings);
        try
        {
            return work(services);
        }
        catch (Exception error) when (StartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }
}
