using PartsWorker.Client;

namespace PartsWorker.Publishing;

/// <summary>Publishes a list of files: hashes one at a time, waits for many confirms at the same time, and reports in order.</summary>
internal sealed class PublishRun(PublishRequest request, Func<ImageReference, Lane, CancellationToken, Task> publish, PublishReport report)
{
    private const int MaxUnconfirmed = 256;

    /// <param name="files">What to publish, in order.</param>
    /// <param name="advance">Called once for each finished file, published or failed.</param>
    /// <param name="ct">Stops the run.</param>
    /// <returns>Null, or the error that ended the run early: without a broker every further file would fail as well.</returns>
    public async Task<string?> RunAsync(IReadOnlyList<PublishFile> files, Action advance, CancellationToken ct)
    {
        var unconfirmed = new Queue<(PublishFile File, ImageReference Reference, Task Sending)>();
        foreach (var file in files)
        {
            if (await DescribeAsync(file, ct) is not { } reference)
            {
                advance();
                continue;
            }

            unconfirmed.Enqueue((file, reference, publish(reference, request.Lane, ct)));
            if (unconfirmed.Count >= MaxUnconfirmed && await SettleAsync(unconfirmed, advance) is { } ended)
            {
                return await GiveUpAsync(unconfirmed, ended);
            }
        }

        while (unconfirmed.Count > 0)
        {
            if (await SettleAsync(unconfirmed, advance) is { } ended)
            {
                return await GiveUpAsync(unconfirmed, ended);
            }
        }

        return null;
    }

    private async Task<ImageReference?> DescribeAsync(PublishFile file, CancellationToken ct)
    {
        try
        {
            return await PublishedReference.DescribeAsync(file, request, ct);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            report.Fail(file.Path, error.Message);
            return null;
        }
    }

    private async Task<string?> SettleAsync(Queue<(PublishFile File, ImageReference Reference, Task Sending)> unconfirmed, Action advance)
    {
        var (file, reference, sending) = unconfirmed.Dequeue();
        try
        {
            await sending;
            report.Done(file, reference);
        }
        catch (PublishFailedException error)
        {
            report.Fail(file.Path, error.Message);
            return error.IsPermanent ? null : error.Message;
        }
        finally
        {
            advance();
        }

        return null;
    }

    private static async Task<string> GiveUpAsync(
        Queue<(PublishFile File, ImageReference Reference, Task Sending)> unconfirmed, string ended)
    {
        await Task.WhenAll(unconfirmed.Select(u => u.Sending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ended;
    }
}
