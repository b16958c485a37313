using System.Diagnostics;
using PartsWorker.Client;
using PartsWorker.Failures;

namespace PartsWorker.Observability;

/// <summary>
/// One trace from publish to row: each part's span is a child of the publisher's, which travels in the message's <c>traceparent</c> header;
/// the spans of a batch link to all of its parts. Names follow OpenTelemetry's messaging conventions.
/// </summary>
internal static class PartTracing
{
    public const string SourceName = "PartsWorker";
    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span of one part, from delivery to committed row; null when no listener is registered.</summary>
    /// <param name="headers">The message's, with <c>traceparent</c> and <c>tracestate</c> where the publisher is traced.</param>
    /// <param name="exchange">Where the message was published.</param>
    /// <param name="routingKey">The key it was published with.</param>
    /// <param name="queue">Where it was taken from.</param>
    /// <param name="receivedAt">Start of the span.</param>
    public static Activity? StartPart(
        IDictionary<string, object?>? headers, string exchange, string routingKey, string queue, DateTimeOffset receivedAt)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var traceparent = HeaderReader.Text(headers, "traceparent");
        var known = ActivityContext.TryParse(traceparent, HeaderReader.Text(headers, "tracestate"), isRemote: true, out var publisher);
        var span = Source.CreateActivity($"process {queue}", ActivityKind.Consumer, known ? publisher : default)
            ?.SetStartTime(receivedAt.UtcDateTime)
            .SetTag("messaging.system", "rabbitmq")
            .SetTag("messaging.operation.name", "process")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", $"{exchange}:{routingKey}:{queue}");
        return Detached(span);
    }

    /// <summary>A span over a whole batch, linked to its parts.</summary>
    public static Activity? StartBatch(string name, IEnumerable<Activity?> parts, int count)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var links = parts.Where(part => part is not null).Select(part => new ActivityLink(part!.Context)).ToArray();
        return Detached(Source.CreateActivity(name, ActivityKind.Internal, default(ActivityContext), links: links)
            ?.SetTag("messaging.batch.message_count", count));
    }

    public static void Fail(Activity? span, PartFailureException failure)
    {
        span?.SetTag("error.type", failure.Kind.ToHeader());
        span?.SetStatus(ActivityStatusCode.Error, failure.Message);
        span?.Dispose();
    }

    // A part passes through several loops; its span must not become the current one of the loop that started it.
    private static Activity? Detached(Activity? span)
    {
        var current = Activity.Current;
        span?.Start();
        Activity.Current = current;
        return span;
    }
}
