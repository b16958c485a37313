using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Publishing;
using PartsWorker.Serving;

namespace PartsWorker.Classifying;

/// <summary>Classifies files batch by batch, decoding on all cores; a file that fails does not affect the others.</summary>
internal sealed class ClassifySession(IServedModel model, DecodeLimits limits, ClassifyReport report)
{
    public bool Run(IReadOnlyList<PublishFile> files, Action<long> advance, CancellationToken cancellationToken)
    {
        using var run = model.Rent();
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        var (sizes, problems) = (new (int Width, int Height)[model.MaxBatch], new string?[model.MaxBatch]);
        foreach (var chunk in files.Chunk(model.MaxBatch))
        {
            Parallel.For(0, chunk.Length, parallel, i => (sizes[i], problems[i]) = Prepare(chunk[i].Path, run.Slot(i)));

            // The slot of a file that failed contains an older image; it is classified too, and its verdict is ignored.
            run.Classify(chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                Report(chunk[i].Path, problems[i], sizes[i], run, i);
            }

            advance(chunk.Length);
        }

        return true;
    }

    private void Report(string file, string? problem, (int Width, int Height) size, IModelRun run, int i)
    {
        if (problem is not null)
        {
            report.Fail(file, problem);
        }
        else
        {
            report.Add(file, size, run.Verdict(i), model);
        }
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
}
