using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>Reads a body into a pooled buffer: bytes are counted as they arrive, and each read has its own timeout.</summary>
internal static class StreamCopy
{
    public static async ValueTask<FetchedImage> ReadAsync(Stream body, string reference, int maxBytes, IdleTimeout idle)
    {
        using var buffer = new ImageBuffer(maxBytes);
        int count;
        do
        {
            idle.Restart();
            count = await body.ReadAsync(buffer.Free, idle.Token);
            buffer.Advance(count);
            if (buffer.IsOverLimit)
            {
                throw Refusals.TooLarge(reference, maxBytes);
            }
        }
        while (count > 0);
        return buffer.Length > 0 ? buffer.ToImage() : throw Refusals.Unreadable(reference, "the answer is empty (0 bytes)");
    }
}
