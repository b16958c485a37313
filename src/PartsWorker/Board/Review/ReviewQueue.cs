namespace PartsWorker.Board.Review;

/// <summary>The images that a person works through: what is read ahead, what is shown, and where to read on.</summary>
internal sealed class ReviewQueue
{
    /// <summary>Shown at once: the current image, and three that the browser loads ahead.</summary>
    public const int Shown = 4;
    private readonly LinkedList<ReviewImage> _images = [];

    // Everything that was ever read: an image whose review is still being written must not come again with the next read.
    private readonly HashSet<Guid> _seen = [];

    /// <summary>The image on the screen; null when nothing is left.</summary>
    public ReviewImage? Current => _images.First?.Value;

    public IEnumerable<ReviewImage> Visible => _images.Take(Shown);

    public int Count => _images.Count;

    /// <summary>Where to read on; null before the first read.</summary>
    public ReviewImage? Last { get; private set; }

    /// <summary>True when the database had no more.</summary>
    public bool IsAtEnd { get; private set; }

    public void Add(IReadOnlyList<ReviewImage> read, int asked)
    {
        foreach (var image in read.Where(image => _seen.Add(image.ImageId)))
        {
            _images.AddLast(image);
        }

        Last = read.Count > 0 ? read[^1] : Last;
        IsAtEnd = read.Count < asked;
    }

    /// <summary>Removes the current image, if it is the one that the person saw when the key was pressed.</summary>
    public ReviewImage? Take(Guid seen)
    {
        if (Current?.ImageId != seen)
        {
            return null;
        }

        var taken = Current;
        _images.RemoveFirst();
        return taken;
    }

    /// <summary>Makes the image the current one again.</summary>
    public void PutBack(ReviewImage image)
    {
        // It may have been read again since.
        if (_images.All(other => other.ImageId != image.ImageId))
        {
            _images.AddFirst(image);
        }
    }
}
