using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Worker;

namespace PartsWorker.IntegrationTests.Observability;

public class TelemetryTests
{
    private static readonly string[] Expected =
    [
        "messaging.client.consumed.messages", "messaging.process.duration", "parts.stored", "parts.batch.size", "parts.stage.duration",
        "parts.ready", "parts.model.active",
    ];

    [Fact]
    public async Task One_trace_leads_from_the_publish_to_the_row_and_the_batch_links_to_it()
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        await using var factory = await Factory.OpenAsync();
        var images = factory.CopyGoldenImages();
        using var worker = factory.StartWorker(otlp.Environment);
        using var publish = ChildProcess.StartWorker(
            $"publish {factory.Images.FullName} --line A --camera cam-1",
            [("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", factory.Prefix), .. otlp.Environment]);
        Assert.Equal(0, await publish.ExitAsync());
        await factory.UntilRowsAsync(images.Count);
        // Gauges are read twice a second, and no longer after the host has stopped: the last export has only counters and histograms.
        for (var wait = 0; wait < 100 && Expected.Except(otlp.Metrics.Keys).Any(); wait++)
        {
            await Task.Delay(100);
        }

        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());

        var published = otlp.Spans.Where(s => s.Name.Contains("publish", StringComparison.Ordinal)).ToDictionary(s => s.SpanId);
        var processed = otlp.Spans.Where(s => s.Name == $"process {factory.Prefix}.live").ToArray();
        Assert.NotEmpty(processed);
        Assert.All(processed, span => Assert.Equal(published[span.ParentId].TraceId, span.TraceId));
        Assert.All(processed, span => Assert.Contains("messaging.destination.name", span.Attributes));
        var stored = otlp.Spans.Where(s => s.Name == "store").SelectMany(s => s.LinkedSpanIds).ToHashSet();
        Assert.All(processed, span => Assert.Contains(span.SpanId, stored));
        Assert.Empty(Expected.Except(otlp.Metrics.Keys));
    }
}
