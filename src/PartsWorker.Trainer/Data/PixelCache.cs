using System.IO.MemoryMappedFiles;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// All images of a data set, decoded and letterboxed, in one memory-mapped file with S*S*3 bytes per image. Created by
/// <see cref="PixelCacheBuilder"/>. The operating system pages it, so a data set may be larger than memory. Thread-safe.
/// </summary>
internal sealed unsafe class PixelCache : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _pixels;
    private readonly IReadOnlyList<LabeledImage> _images;

    internal PixelCache(string path, int size, IReadOnlyList<LabeledImage> images, IReadOnlyList<SkippedImage> skipped)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pixels);
        Size = size;
        _images = images;
        Skipped = skipped;
    }

    public int Count => _images.Count;

    /// <summary>Side of the square images.</summary>
    public int Size { get; }

    public int ImageBytes => Size * Size * 3;

    /// <summary>Images that could not be read; they have no index in this cache.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }

    public int ClassId(int image) => _images[image].ClassId;

    public string PathOf(int image) => _images[image].Path;

    /// <summary>RGB, rows of <see cref="Size"/> pixels.</summary>
    public ReadOnlySpan<byte> Pixels(int image)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)image, (uint)Count, nameof(image));
        return new(_pixels + ((long)image * ImageBytes), ImageBytes);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
