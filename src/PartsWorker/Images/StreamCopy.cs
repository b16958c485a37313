namespace PartsWorker.Images;

/// <summary>Reads a body into a pooled buffer: counted while it streams, each read under its own time limit, the announced length only a hint.</summary>
internal static class StreamCopy
{
    public static async ValueTask<FetchedImage> ReadAsync(
        Stream body, string reference, ImageOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var buffer = new ImageBuffer(options.MaxBytes);
        try
        {
            int count;
            do
            {
                patience.CancelAfter(options.ReadTimeout);
                count = await body.ReadAsync(buffer.Free, both.Token);
                buffer.Advance(count);
                if (buffer.IsOverLimit)
                {
                    throw Refusals.TooLarge(reference, options.MaxBytes);
                }
            }
            while (count > 0);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Refusals.Missing(reference, $"no byte came for {options.ReadTimeout.TotalSeconds:0.#} s (Images:ReadTimeout)");
        }

        return buffer.Length > 0 ? buffer.ToImage() : throw Refusals.Unreadable(reference, "the answer is empty (0 bytes)");
    }
}
