using Microsoft.Win32.SafeHandles;
using static PartsWorker.Bundles.Preprocessing.Vips.VipsNative;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>One reference to an object of libvips, released exactly once, also after an exception.</summary>
internal abstract class VipsHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        g_object_unref(handle);
        return true;
    }
}

/// <summary>Where a loader reads from.</summary>
internal sealed class VipsSource : VipsHandle;

/// <summary>A loader and its arguments; the outputs it has made are released with it.</summary>
internal sealed class VipsOperation : VipsHandle
{
    protected override bool ReleaseHandle()
    {
        vips_object_unref_outputs(handle);
        return base.ReleaseHandle();
    }
}

/// <summary>An opened image, of which only the header has been read.</summary>
internal sealed class VipsImage : VipsHandle
{
    private const int Cmyk = 15;

    public ImageSize Size => new(vips_image_get_width(this), vips_image_get_height(this));

    public int Bands => vips_image_get_bands(this);

    public VipsFormat Format => vips_image_get_format(this);

    public bool IsCmyk => vips_image_get_interpretation(this) == Cmyk;
}

/// <summary>Decodes the rows of an image on demand.</summary>
internal sealed class VipsRegion : VipsHandle;

/// <summary>The band formats that JPEG, PNG and WebP decode to.</summary>
internal enum VipsFormat
{
    UChar = 0,
    UShort = 2,
}
