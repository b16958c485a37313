using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class AllocationTests
{
    // libvips works outside the managed heap, behind four small handles; ImageSharp makes its objects anew for every image.
    private const long LibVipsBytesPerImage = 512;
    private const long ImageSharpBytesPerImage = 64 * 1024;

    public static TheoryData<string> Decoders => Support.Decoders.Both;

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Images_of_ever_changing_size_cost_no_managed_memory_beyond_the_decoders(string decoder)
    {
        byte[][] files = [.. GoldenImages.All.Select(image => GoldenImages.Read(image.File))];
        using var preprocessor = new Preprocessor(ImageDecoders.Create(decoder), GoldenImages.Recipe, new DecodeLimits());
        var box = new byte[preprocessor.ImageBytes];
        Prepare(preprocessor, files, box);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Prepare(preprocessor, files, box);

        var allowed = files.Length * (Support.Decoders.IsLibVips(decoder) ? LibVipsBytesPerImage : ImageSharpBytesPerImage);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, allowed);
    }

    private static void Prepare(Preprocessor preprocessor, byte[][] files, byte[] box)
    {
        foreach (var file in files)
        {
            preprocessor.Prepare(file, box);
        }
    }
}
