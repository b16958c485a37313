using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Serving;

namespace PartsWorker.Commands;

/// <summary>Shared by the commands that change the active or the shadow model.</summary>
internal static class RegistryCommands
{
    /// <exception cref="UserErrorException">The bundle is missing, altered, or does not reproduce its golden outputs here.</exception>
    public static ModelBundle Verify(Settings settings, string folder) =>
        Run(settings, services => services.GetRequiredService<BundleCheck>().Verify(folder).Bundle);

    /// <exception cref="UserErrorException">The key is not of the form <c>name@version</c>.</exception>
    public static string FolderOf(Settings settings, string key) =>
        Run(settings, services => services.GetRequiredService<ModelFolders>().FolderOf(key));

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
