using System.Reflection;
using System.Runtime.InteropServices;
using static PartsWorker.Bundles.Preprocessing.Vips.VipsNative;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>
/// Finds libvips and starts it once per process: only the three loaders we use, without its own threads, cache or output on stderr.
/// </summary>
internal static class VipsRuntime
{
    // The system's files carry versions in their names; the single file of the NuGet package is named like Debian's.
    private static readonly string[] FileNames = ["libvips.so.42", "libvips-cpp.so.42", "libvips.42.dylib", "libvips-42.dll"];
    private static readonly Lazy<string?> Failure = new(Start);

    public static bool IsAvailable => Problem is null;

    /// <summary>Why libvips cannot be used in this process, in one line; null when it can.</summary>
    public static string? Problem => Failure.Value;

    private static string? Start()
    {
        NativeLibrary.SetDllImportResolver(typeof(VipsRuntime).Assembly, Resolve);
        if (Find() == 0)
        {
            return $"libvips could not be loaded: none of {string.Join(", ", FileNames)} loads from {AppContext.BaseDirectory} "
                + "or from the system; install libvips 8.13 or newer, or add the package NetVips.Native for "
                + RuntimeInformation.RuntimeIdentifier;
        }

        try
        {
            return vips_init("partsworker") == 0 ? Configure() : "libvips was found but did not start";
        }
        catch (EntryPointNotFoundException error)
        {
            return $"libvips was found but is older than 8.13: {error.Message.Split('\n')[0]}";
        }
    }

    private static string? Configure()
    {
        // One image is decoded on one thread, the caller's; the caller chooses how many images are decoded at the same time.
        vips_concurrency_set(1);
        vips_cache_set_max(0);
        vips_operation_block_set("VipsForeignLoad", blocked: true);
        vips_operation_block_set("VipsForeignLoadJpegSource", blocked: false);
        vips_operation_block_set("VipsForeignLoadPngSource", blocked: false);
        vips_operation_block_set("VipsForeignLoadWebpSource", blocked: false);
        SilenceLog();
        return null;
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
}
