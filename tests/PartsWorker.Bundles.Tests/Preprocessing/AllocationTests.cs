using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class AllocationTests
{
    // libvips works outside the managed heap; ImageSharp makes its objects anew for every image.
    private const long LibVipsBytes = 1024;
    private const long ImageSharpBytesPerImage = 64 * 1024;

    public static TheoryData<string> Decoders => [.. ImageDecoders.Available];

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

        var allowed = string.Equals(decoder, ImageDecoders.LibVips, StringComparison.Ordinal) ? LibVipsBytes : ImageSharpBytesPerImage * files.Length;
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
