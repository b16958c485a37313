using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PartsWorker.IntegrationTests.Observability;

/// <summary>A collector on loopback: takes OTLP over HTTP and keeps the spans and the names of the metrics.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OtlpReceiver(WebApplication server) => _server = server;

    public ConcurrentQueue<OtlpSpan> Spans { get; } = new();

    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    public (string, string)[] Environment =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _server.Urls.First()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._server.MapPost("/v1/traces", receiver.TakeTracesAsync);
        receiver._server.MapPost("/v1/metrics", receiver.TakeMetricsAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeTracesAsync(HttpContext context)
    {
        foreach (var span in ProtoWalk.Find(await BodyAsync(context), 1, 2, 2))
        {
            Spans.Enqueue(new OtlpSpan(
                Name: System.Text.Encoding.UTF8.GetString(ProtoWalk.Find(span, 5).Single().Span),
                TraceId: Convert.ToHexString(ProtoWalk.Find(span, 1).Single().Span),
                SpanId: Convert.ToHexString(ProtoWalk.Find(span, 2).Single().Span),
                ParentId: Convert.ToHexString(ProtoWalk.Find(span, 4).SingleOrDefault().Span),
                Attributes: [.. ProtoWalk.Find(span, 9, 1).Select(key => System.Text.Encoding.UTF8.GetString(key.Span))],
                LinkedSpanIds: [.. ProtoWalk.Find(span, 13, 2).Select(link => Convert.ToHexString(link.Span))]));
        }
    }

    private async Task TakeMetricsAsync(HttpContext context)
    {
        foreach (var name in ProtoWalk.Find(await BodyAsync(context), 1, 2, 2, 1))
        {
            Metrics[System.Text.Encoding.UTF8.GetString(name.Span)] = true;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}

internal sealed record OtlpSpan(string Name, string TraceId, string SpanId, string ParentId, string[] Attributes, string[] LinkedSpanIds);
