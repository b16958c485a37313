using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Pipeline;
using PartsWorker.References;

namespace PartsWorker.Configuration;

/// <summary>Options of a room for a short-lived command, which has no host to validate them.</summary>
internal static class CommandOptions
{
    public static InferenceOptions Inference(IConfiguration configuration)
    {
        var options = Read<InferenceOptions>(configuration, InferenceOptions.Section);
        options.MaxBatch = Read<PipelineOptions>(configuration, PipelineOptions.Section).MaxBatch;
        return options;
    }

    public static DecodeLimits DecodeLimits(IConfiguration configuration)
    {
        var limits = Read<DecodeLimits>(configuration, "Decode");
        limits.MaxBytes = Read<ImageOptions>(configuration, ImageOptions.Section).MaxBytes;
        return limits;
    }

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
