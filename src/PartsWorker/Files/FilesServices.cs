using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PartsWorker.References;

namespace PartsWorker.Files;

internal static class FilesServices
{
    /// <summary>The source of <c>file:///</c> references.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services) => services
        .AddSingleton<IValidateOptions<ImageOptions>, RootsValidator>()
        .AddSingleton<IImageSource>(provider =>
        {
            var options = provider.GetRequiredService<ImageOptions>();
            return new FileSource(options, new FileReader(options).Read);
        });
}
