using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PartsWorker.References;

namespace PartsWorker.Web;

internal static class WebServices
{
    /// <summary>The sources of <c>https://</c>, <c>http://</c> and <c>s3://</c> references.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services) => services
        .AddSingleton<IValidateOptions<ImageOptions>, WebSettingsValidator>()
        .AddSingleton(Dialer.System)
        .AddSingleton<IImageSource, HttpSource>()
        .AddSingleton<IImageSource, S3Source>();
}
