using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.Inference;

namespace PartsWorker.Serving;

internal static class ModelsServices
{
    /// <summary>Sections <c>Model</c>, <c>Inference</c> and <c>Decode</c>, the decoder and the rack of loaded models.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSection<ModelOptions>(ModelOptions.Section)
        .AddSection<InferenceOptions>("Inference")
        .AddSection<DecodeLimits>("Decode")
        .AddSingleton(provider => Decoder(provider.GetRequiredService<ModelOptions>()))
        .AddSingleton<ModelFolders>()
        .AddSingleton<BundleCheck>()
        .AddSingleton<IModelLibrary, ModelLibrary>()
        .AddSingleton<IServingPointer, ServingPointer>()
        .AddSingleton<ModelRack>()
        .AddSingleton<IModelSource>(provider => provider.GetRequiredService<ModelRack>());

    private static DecoderChoice Decoder(ModelOptions options)
    {
        try
        {
            return new DecoderChoice(options.Decoder);
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"Model:Decoder: {error.Message}", inner: error);
        }
    }
}
