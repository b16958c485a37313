using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PartsWorker.Failures;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace PartsWorker.References;

/// <summary>
/// The patience of a fetch: a limit for each try, jittered retries of transient failures, a limit for all of them. The first try nearly always
/// succeeds, for every image, so it runs without the machinery of the others.
/// </summary>
internal sealed class FetchPatience(ImageOptions options, TimeProvider time, ILogger logger)
{
    private readonly TimeSpan _firstLimit = options.AttemptTimeout < options.TotalTimeout ? options.AttemptTimeout : options.TotalTimeout;
    private readonly ConcurrentQueue<CancellationTokenSource> _limits = new();
    private readonly ResiliencePipeline _retries = Create(options, time, logger);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FetchedImage> ExecuteAsync(FetchTry fetch, CancellationToken cancellation)
    {
        try
        {
            return await FirstAsync(fetch, cancellation);
        }
        catch (PartFailureException failure) when (failure.Recovery == Recovery.Transient && options.Attempts > 1)
        {
            return await RetryAsync(fetch, failure, cancellation);
        }
    }

    // The first failure is what the retries begin with.
    private async ValueTask<FetchedImage> RetryAsync(FetchTry fetch, PartFailureException failure, CancellationToken cancellation)
    {
        Exception? first = failure;
        return await _retries.ExecuteAsync(
            token => Interlocked.Exchange(ref first, null) is { } known ? ValueTask.FromException<FetchedImage>(known) : fetch.RunAsync(token), cancellation);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FetchedImage> FirstAsync(FetchTry fetch, CancellationToken cancellation)
    {
        var limit = _limits.TryDequeue(out var idle) ? idle : new CancellationTokenSource();
        limit.CancelAfter(_firstLimit);
        var caller = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            return await fetch.RunAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutRejectedException("the try took too long", _firstLimit, late);
        }
        finally
        {
            await caller.DisposeAsync();
            GiveBack(limit);
        }
    }

    private void GiveBack(CancellationTokenSource limit)
    {
        if (limit.TryReset())
        {
            _limits.Enqueue(limit);
        }
        else
        {
            limit.Dispose();
        }
    }

    private static ResiliencePipeline Create(ImageOptions options, TimeProvider time, ILogger logger)
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

/// <summary>One try at one image.</summary>
internal readonly record struct FetchTry(IImageSource Source, string Uri, string? Sha256)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FetchedImage> RunAsync(CancellationToken token)
    {
        var image = await Source.ReadAsync(Uri, token);
        try
        {
            Checksum.Demand(Uri, image.Bytes.Span, Sha256);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }
}
