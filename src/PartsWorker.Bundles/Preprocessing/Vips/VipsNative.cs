using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>The few functions of libvips, GObject and GLib that decoding, and writing a JPEG, need. None of them is variadic.</summary>
internal static unsafe partial class VipsNative
{
    /// <summary>One name for all three libraries: NuGet's build holds them in one file, and dlsym also searches a library's dependencies.</summary>
    public const string Library = "vips";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int vips_init(string program);

    [LibraryImport(Library)]
    internal static partial void vips_concurrency_set(int threads);

    [LibraryImport(Library)]
    internal static partial void vips_cache_set_max(int operations);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void vips_operation_block_set(string name, int blocked);

    [LibraryImport(Library)]
    internal static partial void vips_error_clear();

    [LibraryImport(Library)]
    internal static partial nint vips_operation_new(byte* name);

    [LibraryImport(Library)]
    internal static partial int vips_object_set_from_string(nint instance, byte* options);

    [LibraryImport(Library)]
    internal static partial int vips_object_build(nint instance);

    [LibraryImport(Library)]
    internal static partial void vips_object_unref_outputs(nint instance);

    [LibraryImport(Library)]
    internal static partial nint vips_blob_new(nint free, byte* data, nuint length);

    [LibraryImport(Library)]
    internal static partial nuint vips_blob_get_type();

    [LibraryImport(Library)]
    internal static partial byte* vips_blob_get(nint blob, nuint* length);

    [LibraryImport(Library)]
    internal static partial void vips_area_unref(nint area);

    [LibraryImport(Library)]
    internal static partial nint vips_image_new_from_memory_copy(byte* pixels, nuint length, int width, int height, int bands, int format);

    [LibraryImport(Library)]
    internal static partial nuint vips_image_get_type();

    [LibraryImport(Library)]
    internal static partial int vips_image_get_width(nint image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_height(nint image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_bands(nint image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_format(nint image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_interpretation(nint image);

    [LibraryImport(Library)]
    internal static partial int vips_image_get_orientation(nint image);

    [LibraryImport(Library)]
    internal static partial nint vips_region_new(nint image);

    [LibraryImport(Library)]
    internal static partial byte* vips_region_fetch(nint region, int left, int top, int width, int height, nuint* length);

    [LibraryImport(Library)]
    internal static partial void g_free(void* memory);

    [LibraryImport(Library)]
    internal static partial nint g_object_ref(nint instance);

    [LibraryImport(Library)]
    internal static partial void g_object_unref(nint instance);

    [LibraryImport(Library)]
    internal static partial void g_object_set_property(nint instance, byte* name, GValue* value);

    [LibraryImport(Library)]
    internal static partial void g_object_get_property(nint instance, byte* name, GValue* value);

    [LibraryImport(Library)]
    internal static partial GValue* g_value_init(GValue* value, nuint type);

    [LibraryImport(Library)]
    internal static partial void g_value_set_boxed(GValue* value, nint boxed);

    [LibraryImport(Library)]
    internal static partial nint g_value_get_boxed(GValue* value);

    [LibraryImport(Library)]
    internal static partial void g_value_set_object(GValue* value, nint instance);

    [LibraryImport(Library)]
    internal static partial nint g_value_get_object(GValue* value);

    [LibraryImport(Library)]
    internal static partial void g_value_unset(GValue* value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint g_log_set_handler(string domain, int levels, delegate* unmanaged<byte*, int, byte*, void*, void> handler, void* data);

    /// <summary>GLib's variant: a type and two words of data.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GValue
    {
        internal nuint Type;
        internal long First;
        internal long Second;
    }
}
