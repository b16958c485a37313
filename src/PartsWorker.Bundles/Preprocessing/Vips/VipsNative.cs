using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>
/// Every line that touches native memory of libvips: the few functions of libvips, GObject and GLib that decoding needs (none of them
/// variadic), and the two places where a pointer becomes a span. Only handles that free themselves leave this file.
/// </summary>
internal static unsafe partial class VipsNative
{
    /// <summary>
    /// One name for all three libraries: NuGet's build holds them in one file, and dlsym also searches a library's dependencies.
    /// </summary>
    public const string Library = "vips";

    private const int AllLogLevels = ~3;

    /// <summary>
    /// Runs a loader over a file and passes the image to <paramref name="read"/>. libvips reads from the caller's memory, so the image is
    /// valid inside <paramref name="read"/> only, while the memory is pinned.
    /// </summary>
    /// <returns>False when the loader refuses the file.</returns>
    public static bool TryLoad<TState>(string loader, string options, ReadOnlySpan<byte> file, TState state, Action<VipsImage, TState> read)
    {
        fixed (byte* pinned = file)
        {
            using var source = vips_source_new_from_memory(pinned, (nuint)file.Length);
            using var operation = vips_operation_new(loader);
            if (source.IsInvalid || operation.IsInvalid)
            {
                return false;
            }

            GValue value = default;
            g_value_init(ref value, vips_source_get_type());
            g_value_set_object(ref value, source);
            g_object_set_property(operation, "source", ref value);
            g_value_unset(ref value);
            if (vips_object_set_from_string(operation, options) != 0 || vips_object_build(operation) != 0)
            {
                return false;
            }

            using var image = OutputOf(operation);
            read(image, state);
            return true;
        }
    }

    /// <summary>Decodes rows of an image into memory of libvips; an empty strip when the file is damaged there.</summary>
    public static VipsStrip Fetch(VipsRegion region, int top, int width, int height)
    {
        var bytes = vips_region_fetch(region, 0, top, width, height, out var length);
        return new VipsStrip(bytes, bytes is null ? 0 : (int)length);
    }

    /// <summary>Drops what libvips and GLib would write to stderr: a damaged file is reported as the error of that file.</summary>
    public static void SilenceLog()
    {
        foreach (var domain in new[] { "VIPS", "GLib", "GLib-GObject" })
        {
            _ = g_log_set_handler(domain, AllLogLevels, &Silence, null);
        }
    }

    private static VipsImage OutputOf(VipsOperation operation)
    {
        GValue value = default;
        g_value_init(ref value, vips_image_get_type());
        g_object_get_property(operation, "out", ref value);
        var image = g_object_ref(g_value_get_object(ref value));
        g_value_unset(ref value);
        return image;
    }

    [UnmanagedCallersOnly]
    private static void Silence(byte* domain, int level, byte* message, void* data)
    {
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int vips_init(string program);

    [LibraryImport(Library)]
    internal static partial void vips_concurrency_set(int threads);

    [LibraryImport(Library)]
    internal static partial void vips_cache_set_max(int operations);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void vips_operation_block_set(string name, [MarshalAs(UnmanagedType.Bool)] bool blocked);

    [LibraryImport(Library)]
    internal static partial void vips_error_clear();

    [LibraryImport(Library)]
    internal static partial int vips_image_get_width(VipsImage image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_height(VipsImage image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_bands(VipsImage image);

    [LibraryImport(Library)]
    internal static partial VipsFormat vips_image_get_format(VipsImage image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_interpretation(VipsImage image);

    [LibraryImport(Library)]
    internal static partial VipsRegion vips_region_new(VipsImage image);

    [LibraryImport(Library)]
    internal static partial void vips_object_unref_outputs(nint instance);

    [LibraryImport(Library)]
    internal static partial void g_object_unref(nint instance);

    [LibraryImport(Library)]
    internal static partial void g_free(void* memory);

    [LibraryImport(Library)]
    private static partial VipsSource vips_source_new_from_memory(byte* data, nuint length);

    [LibraryImport(Library)]
    private static partial nuint vips_source_get_type();

    [LibraryImport(Library)]
    private static partial nuint vips_image_get_type();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial VipsOperation vips_operation_new(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int vips_object_set_from_string(VipsOperation instance, string options);

    [LibraryImport(Library)]
    private static partial int vips_object_build(VipsOperation instance);

    [LibraryImport(Library)]
    private static partial byte* vips_region_fetch(VipsRegion region, int left, int top, int width, int height, out nuint length);

    [LibraryImport(Library)]
    private static partial VipsImage g_object_ref(nint instance);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void g_object_set_property(VipsOperation instance, string name, ref GValue value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void g_object_get_property(VipsOperation instance, string name, ref GValue value);

    [LibraryImport(Library)]
    private static partial nint g_value_init(ref GValue value, nuint type);

    [LibraryImport(Library)]
    private static partial void g_value_set_object(ref GValue value, VipsSource instance);

    [LibraryImport(Library)]
    private static partial nint g_value_get_object(ref GValue value);

    [LibraryImport(Library)]
    private static partial void g_value_unset(ref GValue value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint g_log_set_handler(
        string domain, int levels, delegate* unmanaged<byte*, int, byte*, void*, void> handler, void* data);

    /// <summary>GLib's variant: a type and two words of data.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GValue
    {
        internal nuint Type;
        internal long First;
        internal long Second;
    }
}

/// <summary>Decoded rows in memory of libvips, freed by <see cref="Dispose"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe ref struct VipsStrip(byte* bytes, int length)
{
    public ReadOnlySpan<byte> Bytes => new(bytes, length);

    public void Dispose() => VipsNative.g_free(bytes);
}
