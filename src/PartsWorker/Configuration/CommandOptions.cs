using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace PartsWorker.Configuration;

/// <summary>Reads and validates an options class for a short-lived command, which has no host to do it.</summary>
internal static class CommandOptions
{
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        try
        {
            var options = configuration.GetSection(section).Get<T>() ?? new T();
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            return options;
        }
        catch (Exception error) when (error is ValidationException or InvalidOperationException)
        {
            throw new UserErrorException($"{section}: {error.Message}", inner: error);
        }
    }
}
