using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Publishing;
using PartsWorker.Serving;

namespace PartsWorker.Classifying;

/// <summary>
/// Classifies files batch by batch, as many batches at a time as the device can use; a file that fails does not affect the others. The
/// answers come in the order of the files.
/// </summary>
internal sealed class ClassifySession(IServedModel model, DecodeLimits limits, ClassifyReport report)
{
    /// <exception cref="OperationCanceledException">Canceled; the answers of the batches that had ended are reported.</exception>
    /// <returns>The number of files.</returns>
    public async Task<int> RunAsync(IReadOnlyList<PublishFile> files, Action<long> advance, CancellationToken cancellationToken)
    {
        var running = new Queue<Task<Answer[]>>();
        try
        {
            foreach (var chunk in files.Chunk(model.MaxBatch))
            {
                if (running.Count == model.InFlight)
                {
                    Report(await running.Dequeue(), advance);
                }

                running.Enqueue(Task.Run(() => Classify(chunk, cancellationToken), cancellationToken));
            }

            while (running.Count > 0)
            {
                Report(await running.Dequeue(), advance);
            }

            return files.Count;
        }
        finally
        {
            // After a failure, the others still use the model, which the caller disposes.
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Answer[] Classify(PublishFile[] files, CancellationToken cancellationToken)
    {
        using var run = model.Rent();
        var prepared = new ((int Width, int Height) Size, string? Problem)[files.Length];
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, files.Length, parallel, i => prepared[i] = Prepare(files[i].Path, run.Slot(i)));

        // The slot of a file that failed contains an older image; it is classified too, and its verdict is ignored.
        run.Classify(files.Length);
        return [.. files.Select((file, i) => new Answer(
            file.Path, prepared[i].Size, prepared[i].Problem is null ? run.Verdict(i) : null, prepared[i].Problem))];
    }

    private void Report(Answer[] answers, Action<long> advance)
    {
        foreach (var (file, size, verdict, problem) in answers)
        {
            if (verdict is null)
            {
                report.Fail(file, problem!);
            }
            else
            {
                report.Add(file, size, verdict, model);
            }
        }

        advance(answers.Length);
    }

    private ((int Width, int Height) Size, string? Problem) Prepare(string file, Span<byte> slot)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length > limits.MaxBytes
                ? (default, $"too large: {length} bytes exceed the limit of {limits.MaxBytes}")
                : (model.Prepare(File.ReadAllBytes(file), slot), null);
        }
        catch (ImageTooLargeException error)
        {
            return (default, $"too large: {error.Message}");
        }
        catch (UnreadableImageException error)
        {
            return (default, $"unreadable: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (default, error.Message);
        }
    }

    /// <summary>The verdict of a file, or why it has none.</summary>
    private sealed record Answer(string File, (int Width, int Height) Size, Verdict? Verdict, string? Problem);
}
