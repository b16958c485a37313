using System.Collections.Concurrent;
using System.Diagnostics;
using PartsWorker.Observability;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline;

public sealed class StoreSpanTests
{
    [Fact]
    public async Task A_batch_whose_parts_all_failed_in_the_model_has_no_span_of_storing()
    {
        // Other tests are traced too; none of them may store nothing either.
        var spans = new ConcurrentQueue<(string Name, object? Parts)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PartTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => spans.Enqueue((span.OperationName, span.GetTagItem("messaging.batch.message_count"))),
        };
        ActivitySource.AddActivityListener(listener);
        using var bench = new PipelineBench();
        bench.Publish(1, FakeModel.Poison);

        await bench.UntilAsync(() => bench.Failed.Count == 1);
        await bench.StopAsync();

        Assert.Contains(("classify", (object)1), spans);
        Assert.DoesNotContain(("store", (object)0), spans);
    }
}
