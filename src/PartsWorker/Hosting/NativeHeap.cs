using System.Runtime.InteropServices;

namespace PartsWorker.Hosting;

/// <summary>
/// glibc creates up to eight heaps per core; decoding images on changing threads fragments all of them. With two heaps the worker uses
/// 10 to 20 MiB less memory. The environment variable <c>MALLOC_ARENA_MAX</c> has the same effect and takes precedence.
/// </summary>
internal static partial class NativeHeap
{
    // malloc.h: M_ARENA_MAX
    private const int ArenaMax = -8;

    /// <summary>Call it before other threads start. Does nothing with another C library than glibc.</summary>
    public static void LimitArenas()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is null
            && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "mallopt", out _))
        {
            _ = mallopt(ArenaMax, 2);
        }
    }

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);
}
