using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PartsWorker.Images;

internal static class ImagesServices
{
    /// <summary>Section <c>Images</c> and the <see cref="ImageFetcher"/>.</summary>
    public static IServiceCollection AddImages(this IServiceCollection services)
    {
        services.AddOptions<ImageOptions>().BindConfiguration(ImageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ImageOptions>, ImageOptionsValidator>();
        return services.AddSingleton(provider => new ImageFetcher(
            provider.GetRequiredService<IOptions<ImageOptions>>().Value,
            NetworkDoor.System,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<ImageFetcher>>()));
    }
}
