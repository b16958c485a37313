using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.FailureRows;
using PartsWorker.Failures;
using PartsWorker.Terminal;

namespace PartsWorker.DeadLetters;

/// <summary>The subcommands of <c>dead-letters</c>; each reads the queue once.</summary>
/// <param name="rabbit">The broker.</param>
/// <param name="table">Learns what happens to the letters; null where no database is configured.</param>
/// <param name="json">Whether a program reads the output.</param>
/// <param name="time">For ages.</param>
internal sealed class DeadLettersActions(RabbitSettings rabbit, FailureTable? table, bool json, TimeProvider time)
{
    private readonly DeadLetterRows _rows = new(table, line => Console.Error.WriteLine($"partsworker: {line}"));
    private readonly DeadLettersOutput _output = new(Console.Out, json, time);

    public Task<int> ListAsync(DeadLetterFilter filter, int limit, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        var tally = new DeadLetterTally(limit);
        await ForEachAsync(queue, filter, "reading", letter =>
        {
            tally.Add(json ? letter : letter with { Body = default });
            return Task.CompletedTask;
        }, ct);
        _output.PrintTable(tally);
        return 0;
    }, ct);

    public Task<int> ShowAsync(Guid imageId, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        var found = 0;
        await ForEachAsync(queue, new DeadLetterFilter(ImageId: imageId), "searching", letter =>
        {
            found++;
            _output.PrintLetter(letter);
            return Task.CompletedTask;
        }, ct);
        return found > 0 ? 0 : throw new UserErrorException(
            $"no dead letter has the image id {imageId}; it may be held by another partsworker dead-letters at this moment", exitCode: 1);
    }, ct);

    public Task<int> ReplayAsync(DeadLetterFilter filter, bool dryRun, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        await (dryRun ? Task.CompletedTask : _rows.BeginAsync(ct));
        var replay = new DeadLetterReplay(
            letter => dryRun ? Task.CompletedTask : queue.ReplayAsync(letter),
            (letter, error) => _output.PrintReplayed(letter, dryRun, error),
            dryRun ? null : _rows);
        await ForEachAsync(queue, filter, "replaying", replay.AddAsync, ct);
        await replay.FlushAsync();
        _output.PrintSummary(dryRun
            ? $"would replay {Counted.Of(replay.Replayed, "dead letter")}"
            : $"replayed {Counted.Of(replay.Replayed, "dead letter")}; {replay.Failed} could not be replayed and stay dead letters");
        return replay.Failed == 0 ? 0 : 1;
    }, ct);

    public Task<int> PurgeAsync(DeadLetterFilter filter, bool yes, CancellationToken ct) => WithQueueAsync(async queue =>
    {
        await _rows.BeginAsync(ct);
        List<(DeadLetter Letter, FailureRow Row)> selected = [];
        await ForEachAsync(queue, filter, "reading", letter =>
        {
            selected.Add((letter with { Body = default }, DeadLetterRows.RowOf(letter, FailureStatus.Removed)));
            return Task.CompletedTask;
        }, ct);
        if (selected.Count > 0 && !yes && !DeadLettersOutput.Confirm($"Delete {Counted.Of(selected.Count, "dead letter")} permanently?"))
        {
            _output.PrintSummary("no dead letter was deleted");
            return 1;
        }

        await ProgressBar.RunAsync("purging", selected.Count, json, async advance =>
        {
            foreach (var group in selected.Chunk(100))
            {
                foreach (var (letter, _) in group)
                {
                    await queue.RemoveAsync(letter);
                    advance(1);
                }

                await _rows.WriteAsync([.. group.Select(some => some.Row).DistinctBy(row => row.FailureId)], ct);
            }

            return true;
        });
        _output.PrintSummary($"deleted {Counted.Of(selected.Count, "dead letter")}");
        return 0;
    }, ct);

    public Task<int> SyncAsync(CancellationToken ct) => WithQueueAsync(async queue =>
    {
        var sync = new DeadLetterSync(table ?? throw new UserErrorException(
            "dead-letters sync needs the database: set ConnectionStrings__Postgres"));
        await sync.BeginAsync(ct);
        var read = 0;
        var count = await ForEachAsync(queue, new DeadLetterFilter(), "reading", letter =>
        {
            read++;
            return sync.AddAsync(letter, ct);
        }, ct);
        var isComplete = !count.HasOtherReaders && read >= count.Letters;
        var removed = await sync.EndAsync(isComplete, ct);
        _output.PrintSummary(
            $"{Counted.Of(read, "dead letter")}; {Counted.Of(sync.Written, "row")} added or corrected, {removed} marked as removed");
        if (!isComplete)
        {
            _output.PrintSummary("not every dead letter could be read: no row was marked as removed; run this again later");
        }

        return isComplete ? 0 : 1;
    }, ct);

    private async Task<int> WithQueueAsync(Func<DeadLetterQueue, Task<int>> work, CancellationToken ct)
    {
        try
        {
            var factory = RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection, "partsworker dead-letters");
            await using var queue = await DeadLetterQueue.OpenAsync(factory, new PartsTopology(rabbit.Prefix), rabbit.Declare, ct);
            return await work(queue);
        }
        catch (PartFailureException error)
        {
            throw new UserErrorException(error.Message, exitCode: 1, error);
        }
        catch (Exception error) when (DeadLetterQueue.IsLost(error, ct))
        {
            throw new UserErrorException(
                "the connection to RabbitMQ was lost; no dead letter is lost, run the command again", exitCode: 1, error);
        }
    }

    private async Task<LetterCount> ForEachAsync(
        DeadLetterQueue queue, DeadLetterFilter filter, string title, Func<DeadLetter, Task> visit, CancellationToken ct)
    {
        var count = await queue.CountAsync(ct);
        if (count.HasOtherReaders)
        {
            Console.Error.WriteLine("partsworker: another reader holds dead letters at this moment; those are left out");
        }

        await ProgressBar.RunAsync(title, count.Letters, json, async advance =>
        {
            await foreach (var letter in queue.ReadAsync(count.Letters, ct))
            {
                advance(1);
                if (filter.Matches(letter))
                {
                    await visit(letter);
                }
            }

            return true;
        });
        return count;
    }
}
