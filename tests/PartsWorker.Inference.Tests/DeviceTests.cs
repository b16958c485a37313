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

    [Theory]
    [InlineData(32, 1, 4)] // no time at all, but never fewer than 4 images
    [InlineData(2, 1, 2)] // the largest batch applies before these 4 images
    [InlineData(6, TimeSpan.TicksPerMinute, 6)]
    public void The_longest_run_and_the_largest_batch_limit_batches_on_the_cpu(int maxBatch, long longestRunTicks, int expected)
    {
        using var classifier = DualStageClassifier.Load(
            Bundle,
            new InferenceOptions
            {
                Device = ExecutionDevice.Cpu, MaxBatch = maxBatch, LongestRun = TimeSpan.FromTicks(longestRunTicks),
            },
            NullLogger.Instance);
        Assert.Equal(expected, classifier.MaxBatch);
        using var batch = classifier.CreateBatch();
        Assert.Equal(expected, batch.Capacity);
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
