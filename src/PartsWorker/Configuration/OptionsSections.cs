using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PartsWorker.Configuration;

/// <summary>Binds an options class to its section, validates it at start, and makes the plain class injectable.</summary>
internal static class OptionsSections
{
    /// <summary>Adding a section twice changes nothing. <see cref="SettingKeys"/> refuses unknown keys before anything is bound.</summary>
    public static IServiceCollection AddSection<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        if (services.Any(service => service.ServiceType == typeof(TOptions)))
        {
            return services;
        }

        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
    }
}
