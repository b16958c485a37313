using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;

namespace PartsWorker.Inference.Tests;

public sealed class DeviceTests
{
    // A GPU index that does not exist, so that the tests behave the same with and without a GPU.
    private const int NoSuchGpu = 63;

    [Fact]
    public void Unavailable_cuda_is_one_error_line_and_never_runs_on_the_cpu()
    {
        var options = new InferenceOptions { Device = ExecutionDevice.Cuda, DeviceId = NoSuchGpu };
        var error = Assert.Throws<DeviceUnavailableException>(() => DualStageClassifier.Load(Bundle, options, NullLogger.Instance));
        Assert.StartsWith("CUDA is not available: ", error.Message, StringComparison.Ordinal);
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
            log.Lines.Count(line => line.StartsWith("CUDA is not available; running the model on the CPU", StringComparison.Ordinal)));
        Assert.Single(
            log.Lines,
            line => line.StartsWith($"Loaded model {Repository.BundleKey} on cpu in ", StringComparison.Ordinal)
                && line.EndsWith("; up to 1 images per batch", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 32, new[] { 1, 2, 4, 8, 16, 32 })]
    [InlineData(true, 24, new[] { 1, 2, 4, 8, 16, 24 })]
    [InlineData(false, 12, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12 })]
    [InlineData(false, 1, new[] { 1 })]
    public void Buckets_end_at_the_largest_batch(bool cuda, int maxBatch, int[] expected) =>
        Assert.Equal(expected, BatchBuckets.For(cuda, maxBatch));

    [Fact]
    public void Every_count_gets_the_smallest_sufficient_bucket()
    {
        var buckets = BatchBuckets.For(cuda: true, 24);
        for (var count = 1; count <= 24; count++)
        {
            var at = BatchBuckets.IndexOf(buckets, count);
            Assert.True(buckets[at] >= count && (at == 0 || buckets[at - 1] < count));
        }
    }

    [Fact]
    public void The_longest_run_limits_the_batch_size_on_the_cpu_to_no_fewer_than_4_images()
    {
        using var classifier = DualStageClassifier.Load(
            Bundle, new InferenceOptions { Device = ExecutionDevice.Cpu, LongestRun = TimeSpan.FromTicks(1) }, NullLogger.Instance);
        Assert.Equal(4, classifier.MaxBatch);
        using var batch = classifier.CreateBatch();
        Assert.Equal(4, batch.Capacity);
    }

    [Fact]
    public void A_smaller_largest_batch_applies_before_these_4_images()
    {
        using var classifier = DualStageClassifier.Load(
            Bundle,
            new InferenceOptions { Device = ExecutionDevice.Cpu, MaxBatch = 2, LongestRun = TimeSpan.FromTicks(1) },
            NullLogger.Instance);
        Assert.Equal(2, classifier.MaxBatch);
    }

    [Fact]
    public void The_largest_batch_is_used_on_the_cpu_if_time_allows_it()
    {
        using var classifier = DualStageClassifier.Load(
            Bundle,
            new InferenceOptions { Device = ExecutionDevice.Cpu, MaxBatch = 6, LongestRun = TimeSpan.FromMinutes(1) },
            NullLogger.Instance);
        Assert.Equal(6, classifier.MaxBatch);
    }

    private static ModelBundle Bundle => ModelBundle.Open(Repository.Bundle);

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
