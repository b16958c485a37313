using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>A test of libjpeg-turbo; skipped where the system has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TurboJpegFactAttribute : FactAttribute
{
    public TurboJpegFactAttribute()
    {
        if (!ImageDecoders.HasTurboJpeg)
        {
            Skip = "libjpeg-turbo is not installed (Debian: libturbojpeg0): its pixels are not compared with those of libvips";
        }
    }
}
