using System.Runtime.InteropServices;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Preprocessing.Vips;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>Counts objects of the whole process, so no other test may run beside it.</summary>
[CollectionDefinition(nameof(VipsTests), DisableParallelization = true)]
public sealed class VipsCollection;

[Collection(nameof(VipsTests))]
public sealed unsafe partial class VipsTests
{
    private const string Library = "libvips.so.42";
    private static int _objects;

    [Fact]
    public void Two_thousand_broken_files_leave_no_object_and_no_memory_of_libvips_behind()
    {
        var random = new Random(20261128);
        var decoder = ImageDecoders.Create(ImageDecoders.LibVips);
        byte[][] seeds =
            [.. GoldenImages.All.TakeLast(8).Select(image => GoldenImages.Read(image.File)), GoldenImages.Read("blocks/lossy.webp")];
        var request = new DecodeRequest(new DecodeLimits { MaxPixels = 500_000, MaxWholeFramePixels = 500_000 });
        using var image = new DecodedImage();
        decoder.Decode(seeds[0], request, image);
        var (objects, memory) = (CountObjects(), vips_tracked_get_mem());

        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            refused += IsRefused(decoder, BrokenFiles.Damage(seeds[i % seeds.Length], random), request, image) ? 1 : 0;
        }

        Assert.InRange(refused, 500, 1999);
        Assert.Equal(objects, CountObjects());
        Assert.Equal(memory, vips_tracked_get_mem());
        Assert.Equal(0, vips_tracked_get_files());
    }

    [Theory]
    [InlineData("svgload_source", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")]
    [InlineData("gifload_source", "GIF89a\u0001\0\u0001\0\0\0\0,\0\0\0\0\u0001\0\u0001\0\0\u0002\u0001D\0;")]
    [InlineData("jpegload", "")]
    [InlineData("jpegload_buffer", "")]
    public void No_other_loader_can_be_used(string loader, string file)
    {
        var opened = VipsNative.TryLoad(loader, "access=sequential", [.. file.Select(c => (byte)c)], 0, static (_, _) => { });
        Assert.False(opened);
        VipsNative.vips_error_clear();
    }

    private static bool IsRefused(IImageDecoder decoder, byte[] file, DecodeRequest request, DecodedImage image)
    {
        try
        {
            decoder.Decode(file, request, image);
            return false;
        }
        catch (Exception error) when (error is UnreadableImageException or ImageTooLargeException)
        {
            return true;
        }
    }

    private static int CountObjects()
    {
        _objects = 0;
        _ = vips_object_map(&CountOne, null, null);
        return _objects;
    }

    [UnmanagedCallersOnly]
    private static void* CountOne(void* item, void* a, void* b)
    {
        _objects++;
        return null;
    }

    [LibraryImport(Library)]
    private static partial void* vips_object_map(delegate* unmanaged<void*, void*, void*, void*> function, void* a, void* b);

    [LibraryImport(Library)]
    private static partial nuint vips_tracked_get_mem();

    [LibraryImport(Library)]
    private static partial int vips_tracked_get_files();
}
