using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Terminal;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.DeadLetters;

/// <summary>What the verbs of <c>dead-letters</c> do, over one held look at the queue.</summary>
internal sealed class DeadLettersActions(RabbitSettings rabbit, bool json, TimeProvider time)
{
    // Replayed together and then removed; a kill in between sends these once more, which changes nothing.
    private const int Together = 100;

    private readonly DeadLettersOutput _output = new(Console.Out, json, time);

    public Task<int> ListAsync(DeadLetterFilter filter, int limit, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        var tally = new DeadLetterTally(limit);
        await ForEachAsync(queue, filter, "reading", letter => { tally.Add(json ? letter : letter with { Body = default }); return Task.CompletedTask; }, ct);
        _output.Table(tally);
        return 0;
    }, ct);

    public Task<int> ShowAsync(Guid imageId, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        var found = 0;
        await ForEachAsync(queue, new DeadLetterFilter(ImageId: imageId), "looking", letter => { found++; _output.Whole(letter); return Task.CompletedTask; }, ct);
        return found > 0 ? 0 : throw new UserErrorException($"no dead letter has the imageId {imageId}, or somebody else is looking at it now", exitCode: 1);
    }, ct);

    public Task<int> ReplayAsync(DeadLetterFilter filter, bool dryRun, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        int replayed = 0, failed = 0;
        List<DeadLetter> together = [];
        await ForEachAsync(queue, filter, "replaying", async letter =>
        {
            together.Add(letter);
            if (together.Count == Together)
            {
                await FlushAsync();
            }
        }, ct);
        await FlushAsync();
        _output.Summary(dryRun ? $"would replay {replayed} dead letters" : $"replayed {replayed} dead letters, {failed} failed and stay");
        return failed == 0 ? 0 : 1;

        async Task FlushAsync()
        {
            var sending = together.Select(l => dryRun ? Task.CompletedTask : queue.ReplayAsync(l)).ToArray();
            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var (letter, sent) in together.Zip(sending))
            {
                (replayed, failed) = sent.IsCompletedSuccessfully ? (replayed + 1, failed) : (replayed, failed + 1);
                _output.Replayed(letter, dryRun, sent.Exception?.InnerException?.Message);
            }

            together.Clear();
        }
    }, ct);

    public Task<int> PurgeAsync(DeadLetterFilter filter, bool yes, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        List<DeadLetter> doomed = [];
        await ForEachAsync(queue, filter, "reading", letter => { doomed.Add(letter with { Body = default }); return Task.CompletedTask; }, ct);
        if (doomed.Count > 0 && !yes && !DeadLettersOutput.Confirm($"Throw away {doomed.Count} dead letters for ever?"))
        {
            _output.Summary("nothing was purged");
            return 1;
        }

        await ProgressBar.RunAsync("purging", doomed.Count, json, async advance =>
        {
            foreach (var letter in doomed)
            {
                await queue.RemoveAsync(letter);
                advance(1);
            }

            return true;
        });
        _output.Summary($"purged {doomed.Count} dead letters");
        return 0;
    }, ct);

    private async Task<int> WithQueueAsync(Func<DeadLetterQueue, Task<int>> work, CancellationToken ct)
    {
        try
        {
            await using var queue = await DeadLetterQueue.OpenAsync(
                RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection, "partsworker dead-letters"), new PartsTopology(rabbit.Prefix), ct);
            return await work(queue);
        }
        catch (Exception error) when (error is AlreadyClosedException or OperationInterruptedException or TimeoutException)
        {
            throw new UserErrorException("the connection to RabbitMQ was lost; what was held is back in the dead letters", exitCode: 1, error);
        }
    }

    private async Task ForEachAsync(DeadLetterQueue queue, DeadLetterFilter filter, string title, Func<DeadLetter, Task> visit, CancellationToken ct)
    {
        var total = await queue.CountAsync(ct);
        await ProgressBar.RunAsync(title, total, json, async advance =>
        {
            await foreach (var letter in queue.ReadAsync(ct))
            {
                advance(1);
                if (filter.Matches(letter))
                {
                    await visit(letter);
                }
            }

            return true;
        });
    }
}
