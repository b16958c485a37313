using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Files;

/// <summary>Reads the file at an absolute path; blocks as long as the file system does.</summary>
internal delegate FetchedImage BlockingRead(string reference, string path, CancellationToken cancellationToken);

/// <summary>
/// <c>file:///</c> references, on Linux. A read on a dead mount blocks its thread and cannot be interrupted, so the caller
/// abandons the read on cancellation. The number of reads is limited; an abandoned one counts until its thread returns.
/// </summary>
internal sealed class FileSource(ImageOptions options, BlockingRead read) : IImageSource, IDisposable
{
    private const string Prefix = "file:///";
    private readonly SemaphoreSlim _places = new(options.FileReads);

    public IReadOnlyList<string> Forms { get; } = [Prefix + "path"];

    public async ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        var path = PathOf(reference);
        if (!await _places.WaitAsync(options.ReadTimeout, cancellationToken))
        {
            throw Refusals.Missing(
                reference, $"storage does not answer: {options.FileReads} file reads hang (Images:FileReads)", Recovery.WithDependency);
        }

        var reading = Task.Run(
            () =>
            {
                try
                {
                    return read(reference, path, cancellationToken);
                }
                finally
                {
                    _places.Release();
                }
            },
            CancellationToken.None);
        try
        {
            return await reading.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = DisposeLateImageAsync(reading);
            throw;
        }
    }

    public void Dispose() => _places.Dispose();

    private static string PathOf(string reference)
    {
        if (!reference.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.Forbidden(
                reference, "a file reference starts with file:/// and names no host; to read a share, map it (Images:Map:0:From and To)");
        }

        var path = ReferencePath.DecodeFile(reference, reference[(Prefix.Length - 1)..]);
        return path.Contains("//", StringComparison.Ordinal)
            ? throw Refusals.Forbidden(reference, "'//' is not allowed in a path (it names a network share elsewhere)")
            : path;
    }

    private static async Task DisposeLateImageAsync(Task<FetchedImage> reading)
    {
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reading.IsCompletedSuccessfully)
        {
            (await reading).Dispose();
        }
    }
}
