using Microsoft.Extensions.Logging;
using PartsWorker.Failures;
using Polly;
using Polly.Retry;

namespace PartsWorker.References;

/// <summary>The pipeline of a fetch: a total timeout, retries of transient failures with jitter, and a timeout for each attempt.</summary>
internal static class FetchResilience
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    public static ResiliencePipeline<FetchedImage> CreatePipeline(ImageOptions options, TimeProvider time, ILogger logger)
    {
        var builder = new ResiliencePipelineBuilder<FetchedImage> { TimeProvider = time }.AddTimeout(options.TotalTimeout);
        if (options.Attempts > 1)
        {
            builder.AddRetry(Retry(options, logger));
        }

        return builder.AddTimeout(options.AttemptTimeout).Build();
    }

    private static RetryStrategyOptions<FetchedImage> Retry(ImageOptions options, ILogger logger) => new()
    {
        MaxRetryAttempts = options.Attempts - 1,
        Delay = options.RetryDelay,
        MaxDelay = LongestDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        // An attempt that timed out is not retried here: it has held a loader long enough, and the retry queues try the part again later.
        ShouldHandle = new PredicateBuilder<FetchedImage>().Handle<PartFailureException>(failure => failure.Recovery == Recovery.Transient),
        OnRetry = retry =>
        {
            ImageLog.Retrying(logger, retry.AttemptNumber + 1, retry.RetryDelay, retry.Outcome.Exception!.Message);
            return default;
        },
    };
}
