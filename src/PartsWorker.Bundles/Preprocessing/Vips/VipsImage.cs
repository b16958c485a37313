using System.Runtime.InteropServices;
using static PartsWorker.Bundles.Preprocessing.Vips.VipsNative;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>One image opened by a libvips loader, and a region to read it through; every native reference is given back by <see cref="Dispose"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe ref struct VipsImage
{
    private nint _image;
    private nint _region;

    private VipsImage(nint image, nint region)
    {
        _image = image;
        _region = region;
    }

    public readonly ImageSize Size => new(vips_image_get_width(_image), vips_image_get_height(_image));

    public readonly int Bands => vips_image_get_bands(_image);

    public readonly VipsFormat Format => (VipsFormat)vips_image_get_format(_image);

    public readonly bool IsCmyk => vips_image_get_interpretation(_image) == 15;

    public readonly int Orientation => vips_image_get_orientation(_image);

    /// <summary>Runs a loader on a buffer that must stay in place until <see cref="Dispose"/>. False when the loader refuses the file.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> loader, ReadOnlySpan<byte> options, byte* file, int length, out VipsImage image)
    {
        image = default;
        nint operation;
        fixed (byte* name = loader)
        {
            operation = vips_operation_new(name);
        }

        if (operation == 0)
        {
            return false;
        }

        try
        {
            SetBuffer(operation, file, length);
            fixed (byte* text = options)
            {
                if (vips_object_set_from_string(operation, text) != 0 || vips_object_build(operation) != 0)
                {
                    return false;
                }
            }

            image._image = TakeOutput(operation);
            image._region = vips_region_new(image._image);
            return image._region != 0;
        }
        finally
        {
            vips_object_unref_outputs(operation);
            g_object_unref(operation);
        }
    }

    /// <summary>Decodes a strip and copies it to memory that <see cref="Free"/> gives back; null when the file is damaged there.</summary>
    public readonly byte* Fetch(int top, int height)
    {
        nuint length;
        return vips_region_fetch(_region, 0, top, Size.Width, height, &length);
    }

    public static void Free(byte* strip) => g_free(strip);

    public void Dispose()
    {
        if (_region != 0)
        {
            g_object_unref(_region);
        }

        if (_image != 0)
        {
            g_object_unref(_image);
        }

        this = default;
    }

    private static void SetBuffer(nint operation, byte* file, int length)
    {
        var blob = vips_blob_new(0, file, (nuint)length);
        GValue value = default;
        g_value_init(&value, vips_blob_get_type());
        g_value_set_boxed(&value, blob);
        fixed (byte* name = "buffer\0"u8)
        {
            g_object_set_property(operation, name, &value);
        }

        g_value_unset(&value);
        vips_area_unref(blob);
    }

    private static nint TakeOutput(nint operation)
    {
        GValue value = default;
        g_value_init(&value, vips_image_get_type());
        fixed (byte* name = "out\0"u8)
        {
            g_object_get_property(operation, name, &value);
        }

        var image = g_object_ref(g_value_get_object(&value));
        g_value_unset(&value);
        return image;
    }
}

/// <summary>The band formats that JPEG, PNG and WebP decode to.</summary>
internal enum VipsFormat
{
    UChar = 0,
    UShort = 2,
}
