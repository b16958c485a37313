using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference.Tests.Support;

namespace PartsWorker.Inference.Tests;

public sealed class DeviceTests
{
    // A GPU number that no machine of ours has, so that the tests mean the same with and without a GPU.
    private const int NoSuchGpu = 63;

    [Fact]
    public void Cuda_that_does_not_work_stops_with_one_line_and_never_runs_on_the_cpu()
    {
        var options = new InferenceOptions { Device = ExecutionDevice.Cuda, DeviceId = NoSuchGpu };
        var error = Assert.Throws<DeviceUnavailableException>(() => DualStageClassifier.Load(Bundle, options, NullLogger.Instance));
        Assert.StartsWith("CUDA does not work here: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Auto_falls_back_to_the_cpu_and_warns_only_where_there_is_a_driver()
    {
        var log = new ListLogger();
        using var classifier = DualStageClassifier.Load(Bundle, new InferenceOptions { DeviceId = NoSuchGpu, MaxBatch = 1 }, log);
        Assert.Equal("cpu", classifier.Device);
        Assert.Equal(
            CudaDriver.IsInstalled ? 1 : 0,
            log.Lines.Count(line => line.StartsWith("CUDA does not work here, the model runs on the CPU", StringComparison.Ordinal)));
        Assert.Single(
            log.Lines, line => line.StartsWith("Model real-parts@1.0.0 runs on cpu, up to 1 images per batch", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 32, new[] { 1, 2, 4, 8, 16, 32 })]
    [InlineData(true, 24, new[] { 1, 2, 4, 8, 16, 24 })]
    [InlineData(false, 12, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12 })]
    [InlineData(false, 1, new[] { 1 })]
    public void Buckets_end_at_the_largest_batch(bool cuda, int maxBatch, int[] expected) =>
        Assert.Equal(expected, BatchBuckets.For(cuda, maxBatch));

    [Fact]
    public void Every_count_finds_the_smallest_bucket_that_holds_it()
    {
        var buckets = BatchBuckets.For(cuda: true, 24);
        for (var count = 1; count <= 24; count++)
        {
            var at = BatchBuckets.IndexOf(buckets, count);
            Assert.True(buckets[at] >= count && (at == 0 || buckets[at - 1] < count));
        }
    }

    [Fact]
    public void Batches_on_the_cpu_get_no_larger_than_what_runs_in_the_longest_time_allowed()
    {
        using var classifier = DualStageClassifier.Load(
            Bundle, new InferenceOptions { Device = ExecutionDevice.Cpu, LongestRun = TimeSpan.FromTicks(1) }, NullLogger.Instance);
        Assert.Equal(1, classifier.MaxBatch);
        using var batch = classifier.CreateBatch();
        Assert.Equal(1, batch.Capacity);
    }

    [Fact]
    public void Where_time_allows_it_batches_on_the_cpu_get_as_large_as_they_may()
    {
        using var classifier = DualStageClassifier.Load(
            Bundle,
            new InferenceOptions { Device = ExecutionDevice.Cpu, MaxBatch = 6, LongestRun = TimeSpan.FromMinutes(1) },
            NullLogger.Instance);
        Assert.Equal(6, classifier.MaxBatch);
    }

    private static ModelBundle Bundle => ModelBundle.Open(RepositoryModel.Folder);

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
