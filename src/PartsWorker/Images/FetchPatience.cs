using Microsoft.Extensions.Logging;
using PartsWorker.Failures;
using Polly;
using Polly.Retry;

namespace PartsWorker.Images;

/// <summary>The patience of a fetch, outermost first: a limit for everything, jittered retries of transient failures, a limit for each try.</summary>
internal static class FetchPatience
{
    public static ResiliencePipeline Create(ImageOptions options, TimeProvider time, ILogger logger)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.TotalTimeout);
        if (options.Attempts > 1)
        {
            builder.AddRetry(Retry(options, logger));
        }

        return builder.AddTimeout(options.AttemptTimeout).Build();
    }

    private static RetryStrategyOptions Retry(ImageOptions options, ILogger logger) => new()
    {
        MaxRetryAttempts = options.Attempts - 1,
        Delay = options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        MaxDelay = TimeSpan.FromSeconds(10),
        // A whole slow try is not repeated here: it has held a load slot long enough, the delayed queues have the time.
        ShouldHandle = new PredicateBuilder().Handle<PartFailureException>(f => f.Recovery == Recovery.Transient),
        OnRetry = retry =>
        {
            ImageLog.Retrying(logger, retry.AttemptNumber + 1, retry.RetryDelay, retry.Outcome.Exception!.Message);
            return default;
        },
    };
}
