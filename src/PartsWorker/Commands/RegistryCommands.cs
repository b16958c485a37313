using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Registry;
using PartsWorker.Serving;

namespace PartsWorker.Commands;

/// <summary>Shared by the commands that change the active or the shadow model.</summary>
internal static class RegistryCommands
{
    /// <exception cref="UserErrorException">The bundle is missing, altered, or does not reproduce its golden outputs here.</exception>
    public static ModelBundle Verify(Settings settings, string folder) =>
        Run(settings, services => services.GetRequiredService<BundleCheck>().Verify(folder)[0].Bundle);

    /// <exception cref="UserErrorException">The key is not of the form <c>name@version</c>.</exception>
    private static string FolderOf(Settings settings, string key) =>
        Run(settings, services => services.GetRequiredService<ModelFolders>().FolderOf(key));

    /// <summary>Verifies with the settings of this machine before it changes anything.</summary>
    public static ModelSwitch Switch(Settings settings, ModelRegistry registry) => new(
        registry, key => FolderOf(settings, key), (folder, _) => Task.FromResult(Verify(settings, folder)));

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
