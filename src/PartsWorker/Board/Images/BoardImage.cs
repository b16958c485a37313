namespace PartsWorker.Board.Images;

/// <summary>What the browser gets for an image: a JPEG, or a placeholder with the reason.</summary>
internal sealed record BoardImage(byte[] Content, string ContentType, bool IsMissing)
{
    public static BoardImage Jpeg(byte[] content) => new(content, "image/jpeg", IsMissing: false);

    public static BoardImage Missing(string reason) => new(Placeholder.Draw(reason), Placeholder.ContentType, IsMissing: true);
}
