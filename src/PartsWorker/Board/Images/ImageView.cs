namespace PartsWorker.Board.Images;

/// <summary>The sizes in which the board shows an image: the longer side in pixels.</summary>
internal enum ImageView
{
    /// <summary>For grids.</summary>
    Thumb = 192,

    /// <summary>For one image at a time.</summary>
    Large = 1024,
}
