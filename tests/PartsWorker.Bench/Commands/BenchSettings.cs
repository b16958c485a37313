using Microsoft.Extensions.Configuration;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.References;
using PartsWorker.Serving;

namespace PartsWorker.Bench.Commands;

/// <summary>Settings of the worker for the steps that the bench measures in its own process.</summary>
internal static class BenchSettings
{
    /// <summary>The decoder that the worker would use.</summary>
    /// <exception cref="UserErrorException">The decoder is unknown, or not available here.</exception>
    public static DecoderChoice Decoder(IConfiguration configuration)
    {
        try
        {
            return new DecoderChoice(CommandOptions.Read<ModelOptions>(configuration, ModelOptions.Section).Decoder);
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"Model:Decoder: {error.Message}", inner: error);
        }
    }

    /// <summary>Section <c>Images</c>, except that only this folder is read.</summary>
    public static ImageOptions Images(IConfiguration configuration, string folder)
    {
        var options = CommandOptions.Read<ImageOptions>(configuration, ImageOptions.Section);
        options.Roots = [folder];
        return options;
    }
}
