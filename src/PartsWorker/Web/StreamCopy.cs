using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>Reads a body into a pooled buffer: counted while it streams, each read under its own time limit, the announced length only a hint.</summary>
internal static class StreamCopy
{
    public static async ValueTask<FetchedImage> ReadAsync(Stream body, string reference, int maxBytes, Patience patience)
    {
        using var buffer = new ImageBuffer(maxBytes);
        int count;
        do
        {
            patience.Restart();
            count = await body.ReadAsync(buffer.Free, patience.Token);
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
