using System.Text;
using static PartsWorker.Bundles.Preprocessing.Vips.VipsNative;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>Writes a JPEG through libvips.</summary>
internal static unsafe class VipsJpegSave
{
    public static byte[] Encode(ReadOnlySpan<byte> rgb, ImageSize size, int quality)
    {
        nint image, operation;
        fixed (byte* pixels = rgb, name = "jpegsave_buffer\0"u8)
        {
            image = vips_image_new_from_memory_copy(pixels, (nuint)rgb.Length, size.Width, size.Height, 3, (int)VipsFormat.UChar);
            operation = vips_operation_new(name);
        }

        try
        {
            SetInput(operation, image);
            // libvips would make up an EXIF block; a line camera's frame, encoded by the grabber's software, has none.
            fixed (byte* options = Encoding.ASCII.GetBytes($"Q={quality},subsample_mode=on,keep=none\0"))
            {
                return vips_object_set_from_string(operation, options) == 0 && vips_object_build(operation) == 0
                    ? Output(operation)
                    : throw new InvalidOperationException("libvips did not write the JPEG");
            }
        }
        finally
        {
            vips_object_unref_outputs(operation);
            g_object_unref(operation);
            g_object_unref(image);
        }
    }

    private static void SetInput(nint operation, nint image)
    {
        GValue value = default;
        g_value_init(&value, vips_image_get_type());
        g_value_set_object(&value, image);
        fixed (byte* name = "in\0"u8)
        {
            g_object_set_property(operation, name, &value);
        }

        g_value_unset(&value);
    }

    private static byte[] Output(nint operation)
    {
        GValue value = default;
        g_value_init(&value, vips_blob_get_type());
        fixed (byte* name = "buffer\0"u8)
        {
            g_object_get_property(operation, name, &value);
        }

        nuint length;
        var file = new ReadOnlySpan<byte>(vips_blob_get(g_value_get_boxed(&value), &length), (int)length).ToArray();
        g_value_unset(&value);
        return file;
    }
}
