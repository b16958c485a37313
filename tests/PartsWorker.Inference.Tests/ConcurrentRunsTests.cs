using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness;
using PartsWorker.Inference.Tests.Support;

namespace PartsWorker.Inference.Tests;

public sealed class ConcurrentRunsTests : IDisposable
{
    private readonly ModelBundle _bundle = ModelBundle.Open(Repository.Bundle);
    private readonly DualStageClassifier _classifier;
    private readonly Preprocessor _preprocessor;

    public ConcurrentRunsTests()
    {
        _classifier = Load(threads: 1);
        _preprocessor = new Preprocessor(
            ImageDecoders.For(_bundle.Manifest.Preprocessing), _bundle.Manifest.Preprocessing, new DecodeLimits());
    }

    public void Dispose()
    {
        _classifier.Dispose();
        _preprocessor.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Single_and_concurrent_runs_reproduce_the_golden_outputs(int runs) =>
        await Task.WhenAll(Enumerable.Range(0, runs).Select(first => Task.Run(() => RunAll(first)))).WaitAsync(TimeSpan.FromMinutes(2));

    [Fact]
    public void Two_runs_share_the_cores_unless_one_uses_more_than_half_of_them()
    {
        using var whole = Load(ProcessorCores.Count);

        Assert.Equal((Math.Min(2, ProcessorCores.Count), 1), (_classifier.InFlight, whole.InFlight));
    }

    private DualStageClassifier Load(int threads) => DualStageClassifier.Load(
        _bundle,
        new InferenceOptions
        {
            Device = ExecutionDevice.Cpu,
            Precision = PrecisionSetting.Fp32,
            IntraOpThreads = threads,
            MaxBatch = 2,
        },
        NullLogger.Instance);

    // Each run starts with another image, so that the model processes different pixels at the same time.
    private void RunAll(int first)
    {
        using var batch = _classifier.CreateBatch();
        var golden = _bundle.ReadGolden().Images;
        for (var i = 0; i < golden.Count; i++)
        {
            var image = golden[(first + i) % golden.Count];
            _preprocessor.Prepare(File.ReadAllBytes(_bundle.PathOf($"golden/{image.Letterboxed}")), batch.Slot(0).Span);
            _classifier.Run(batch, 1);
            LoadedModel.AssertClose(image.Scores, batch.Scores(0));
            LoadedModel.AssertClose(image.ColorLogits, batch.ColorLogits(0));
            LoadedModel.AssertClose(image.ShapeLogits, batch.ShapeLogits(0));
        }
    }
}
