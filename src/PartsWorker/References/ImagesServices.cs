using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PartsWorker.Configuration;
using PartsWorker.Web;

namespace PartsWorker.References;

internal static class ImagesServices
{
    /// <summary>Section <c>Images</c> and the <see cref="ImageFetcher"/>.</summary>
    public static IServiceCollection AddImages(this IServiceCollection services)
    {
        services.AddSection<ImageOptions>(ImageOptions.Section);
        services.AddSingleton<IValidateOptions<ImageOptions>, ImageOptionsValidator>();
        return services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<ImageOptions>();
            var log = provider.GetRequiredService<ILogger<ImageFetcher>>();
            WarnOfNothingToRead(options, log);
            return new ImageFetcher(options, NetworkDoor.System, provider.GetService<TimeProvider>() ?? TimeProvider.System, log);
        });
    }

    // A warning and no error: storage may be mounted later.
    private static void WarnOfNothingToRead(ImageOptions options, ILogger log)
    {
        if (options.Roots.Length + options.Hosts.Length + options.Buckets.Length == 0)
        {
            ImageLog.NoSource(log);
        }

        foreach (var root in options.Roots.Where(root => !Directory.Exists(root)))
        {
            ImageLog.RootMissing(log, root);
        }
    }
}
