using PartsWorker.Board;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.Inference;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.References;
using PartsWorker.Reprocessing;
using PartsWorker.Results;
using PartsWorker.Serving;

namespace PartsWorker.Hosting;

/// <summary>Every section of the configuration, with the options class that defines its keys.</summary>
internal static class WorkerSections
{
    public static SettingKeys Keys { get; } = new SettingKeys()
        .Add<RabbitOptions>(RabbitOptions.Section)
        .Add<ImageOptions>(ImageOptions.Section)
        .Add<ModelOptions>(ModelOptions.Section)
        // SharedLimits sets the two excluded properties.
        .Add<InferenceOptions>(InferenceOptions.Section, except: nameof(InferenceOptions.MaxBatch))
        .Add<DecodeLimits>("Decode", except: nameof(DecodeLimits.MaxBytes))
        .Add<PipelineOptions>(PipelineOptions.Section)
        .Add<ResultsOptions>(ResultsOptions.Section)
        .Add<HealthOptions>(HealthOptions.Section)
        .Add<ReprocessOptions>(ReprocessOptions.Section)
        .Add<BoardOptions>(BoardOptions.Section);
}
