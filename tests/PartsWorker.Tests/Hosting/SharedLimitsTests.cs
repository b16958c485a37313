using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Inference;


namespace PartsWorker.Tests.Hosting;

public sealed class SharedLimitsTests
{
    private static readonly Settings Given = new(["--Pipeline:MaxBatch=64", "--Images:MaxBytes=67108864"], WorkerSections.Keys);

    [Fact]
    public void One_key_sets_the_largest_batch_of_pipeline_and_model()
    {
        using var services = LocalModels.Build(Given);

        Assert.Equal(64, services.GetRequiredService<InferenceOptions>().MaxBatch);
        Assert.Equal(64, SharedLimits.Inference(Given.Load()).MaxBatch);
    }

    [Fact]
    public void One_key_sets_the_largest_file_of_fetching_and_decoding()
    {
        using var services = LocalModels.Build(Given);

        Assert.Equal(64 << 20, services.GetRequiredService<DecodeLimits>().MaxBytes);
        Assert.Equal(64 << 20, SharedLimits.Decoding(Given.Load()).MaxBytes);
    }

    [Fact]
    public void A_limit_of_pixels_that_no_buffer_holds_is_refused()
    {
        var given = new Settings(["--Decode:MaxPixels=715827883"], WorkerSections.Keys);

        var error = Assert.Throws<UserErrorException>(() => SharedLimits.Decoding(given.Load()));

        Assert.Equal("Decode: The field MaxPixels must be between 1 and 715000000.", error.Message);
    }
}
