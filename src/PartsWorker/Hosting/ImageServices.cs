using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Files;
using PartsWorker.References;
using PartsWorker.Web;

namespace PartsWorker.Hosting;

/// <summary>Composes the fetcher and its sources, for the worker and for commands that only fetch images.</summary>
internal static class ImageServices
{
    /// <summary>Section <c>Images</c>, the <see cref="ImageFetcher"/> and one source for each scheme.</summary>
    public static IServiceCollection AddImages(this IServiceCollection services) => services.AddReferences().AddFiles().AddWeb();

    /// <summary>The same with the given options instead of a configuration; disposing the provider closes the connections.</summary>
    public static ServiceProvider Create(ImageOptions options) =>
        new ServiceCollection().AddLogging().AddImages().AddSingleton(options).BuildServiceProvider();
}
