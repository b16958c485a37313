using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Publishing;
using PartsWorker.Serving;

namespace PartsWorker.Classifying;

/// <summary>Classifies files batch by batch, decoding on all cores; a file that fails stands alone.</summary>
internal sealed class ClassifySession(IServedModel model, DecodeLimits limits, ClassifyReport report)
{
    public bool Run(IReadOnlyList<PublishFile> files, Action<long> advance, CancellationToken cancellationToken)
    {
        using var run = model.Rent();
        var (sizes, problems) = (new (int Width, int Height)[model.MaxBatch], new string?[model.MaxBatch]);
        foreach (var chunk in files.Chunk(model.MaxBatch))
        {
            Parallel.For(0, chunk.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            {
                (sizes[i], problems[i]) = Prepare(chunk[i].Path, run.Slot(i));
            });
            // The slot of a file that failed holds an older image; it is judged along and its verdict left alone.
            run.Classify(chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                Tell(chunk[i].Path, problems[i], sizes[i], run, i);
            }

            advance(chunk.Length);
        }

        return true;
    }

    private void Tell(string file, string? problem, (int Width, int Height) size, IModelRun run, int i)
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
