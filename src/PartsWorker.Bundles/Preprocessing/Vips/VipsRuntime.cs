using System.Reflection;
using System.Runtime.InteropServices;
using static PartsWorker.Bundles.Preprocessing.Vips.VipsNative;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>Finds libvips and starts it once per process: no loader but ours allowed, no threads or cache of its own, no words on stderr.</summary>
internal static unsafe class VipsRuntime
{
    private const int AllLogLevels = ~3;

    // The system's files carry versions in their names; the single file of the NuGet package is named like Debian's.
    private static readonly string[] FileNames = ["libvips.so.42", "libvips-cpp.so.42", "libvips.42.dylib", "libvips-42.dll"];
    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>True when libvips was found and started.</summary>
    public static bool IsAvailable => Started.Value;

    private static bool Start()
    {
        NativeLibrary.SetDllImportResolver(typeof(VipsRuntime).Assembly, Resolve);
        if (Find() == 0 || vips_init("partsworker") != 0)
        {
            return false;
        }

        // One image is decoded on one thread, the caller's; parallelism is the caller's choice of how many images at once.
        vips_concurrency_set(1);
        vips_cache_set_max(0);
        vips_operation_block_set("VipsForeignLoad", 1);
        vips_operation_block_set("VipsForeignLoadJpeg", 0);
        vips_operation_block_set("VipsForeignLoadPng", 0);
        vips_operation_block_set("VipsForeignLoadWebp", 0);
        foreach (var domain in new[] { "VIPS", "GLib", "GLib-GObject" })
        {
            _ = g_log_set_handler(domain, AllLogLevels, &Silence, null);
        }

        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        string.Equals(name, Library, StringComparison.Ordinal) ? Find() : 0;

    private static nint Find()
    {
        var rid = RuntimeInformation.RuntimeIdentifier;
        string[] folders = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native"), ""];
        foreach (var folder in folders)
        {
            foreach (var file in FileNames)
            {
                if (NativeLibrary.TryLoad(Path.Combine(folder, file), out var handle))
                {
                    return handle;
                }
            }
        }

        return 0;
    }

    // What libvips has to say about a damaged file reaches the user as the error of that file.
    [UnmanagedCallersOnly]
    private static void Silence(byte* domain, int level, byte* message, void* data)
    {
    }
}
