using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PartsWorker.Commands;

/// <summary>Binds an options class to its section, validates it at start, and makes the plain class injectable.</summary>
internal static class OptionsSections
{
    /// <param name="services">The worker's services.</param>
    /// <param name="section">Name of the configuration section.</param>
    /// <param name="strict">A key of the section that is no option is an error, so that a typo is found at start; false where classes share a section.</param>
    public static IServiceCollection AddSection<TOptions>(this IServiceCollection services, string section, bool strict = true)
        where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = strict)
            .ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
    }
}
