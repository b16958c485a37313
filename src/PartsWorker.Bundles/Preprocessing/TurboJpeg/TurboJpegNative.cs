using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Bundles.Preprocessing.TurboJpeg;

/// <summary>
/// Every line that touches native memory of libjpeg-turbo: four functions of its TurboJPEG API, of version 2 or newer.
/// </summary>
internal static unsafe partial class TurboJpegNative
{
    // Packages for developers add a name without the version; this name is the library itself.
    private const string Library = "libturbojpeg.so.0";

    private const int Rgb = 0;
    private const int AccurateDct = 4096;
    private const int StopOnWarning = 8192;

    // tjGetErrorCode is not used: it tells version 2 from older ones, which round some chroma samples differently from libvips.
    private static readonly string[] Exports =
        ["tjInitDecompress", "tjDecompressHeader3", "tjDecompress2", "tjDestroy", "tjGetErrorCode"];

    private static readonly Lazy<bool> Loaded = new(() =>
        NativeLibrary.TryLoad(Library, typeof(TurboJpegNative).Assembly, searchPath: null, out var library)
        && Array.TrueForAll(Exports, name => NativeLibrary.TryGetExport(library, name, out _)));

    public static bool IsAvailable => Loaded.Value;

    /// <summary>Reads the size from the header; null if libjpeg-turbo cannot read it.</summary>
    public static ImageSize? ReadSize(Handle handle, ReadOnlySpan<byte> file)
    {
        // The library leaves the sizes alone when a file has tables only.
        var (width, height) = (0, 0);
        fixed (byte* pinned = file)
        {
            return tjDecompressHeader3(handle, pinned, (nuint)file.Length, ref width, ref height, out _, out _) == 0
                ? new ImageSize(width, height)
                : null;
        }
    }

    /// <summary>Decodes to RGB, at the fraction that gives exactly <paramref name="size"/>.</summary>
    /// <param name="handle">A decompressor.</param>
    /// <param name="file">The file.</param>
    /// <param name="size">The size of the file, or the size after shrinking, rounded up.</param>
    /// <param name="rgb">Width x height x 3 bytes, rows without padding.</param>
    /// <returns>False after an error or a warning; then the content of <paramref name="rgb"/> is undefined.</returns>
    public static bool TryDecode(Handle handle, ReadOnlySpan<byte> file, ImageSize size, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb.Length, checked((int)(size.Pixels * 3)), nameof(rgb));
        fixed (byte* source = file, target = rgb)
        {
            return tjDecompress2(
                handle, source, (nuint)file.Length, target, size.Width, size.Width * 3, size.Height, Rgb, AccurateDct | StopOnWarning) == 0;
        }
    }

    [LibraryImport(Library)]
    internal static partial Handle tjInitDecompress();

    [LibraryImport(Library)]
    private static partial int tjDecompressHeader3(
        Handle handle, byte* file, nuint length, ref int width, ref int height, out int subsampling, out int colors);

    [LibraryImport(Library)]
    private static partial int tjDecompress2(
        Handle handle, byte* file, nuint length, byte* target, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library)]
    private static partial int tjDestroy(nint handle);

    /// <summary>A decompressor; serves one thread at a time.</summary>
    internal sealed class Handle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => tjDestroy(handle) == 0;
    }
}
