using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PartsWorker.Configuration;

namespace PartsWorker.References;

internal static class ReferencesServices
{
    /// <summary>Section <c>Images</c> and the <see cref="ImageFetcher"/>; the rooms of the sources register theirs.</summary>
    public static IServiceCollection AddReferences(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSection<ImageOptions>(ImageOptions.Section)
            .AddSingleton<IValidateOptions<ImageOptions>, TimeoutsValidator>()
            .AddSingleton<IValidateOptions<ImageOptions>, ReferenceMapValidator>()
            .AddSingleton(provider =>
            {
                WarnOfNothingToRead(provider.GetRequiredService<ImageOptions>(), provider.GetRequiredService<ILogger<ImageFetcher>>());
                return ActivatorUtilities.CreateInstance<ImageFetcher>(provider);
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
