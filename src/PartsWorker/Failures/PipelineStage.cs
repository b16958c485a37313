namespace PartsWorker.Failures;

/// <summary>A step of the pipeline, or a part of one, under the name that metrics, traces and failure headers give it.</summary>
internal enum PipelineStage
{
    /// <summary>From the message to a part: fetch and decode together.</summary>
    Load,
    Fetch,
    Decode,
    Classify,
    Store,
    Publish,
}

internal static class PipelineStageNames
{
    /// <summary>As written to headers, metrics and traces: <c>load</c>.</summary>
    public static string ToTag(this PipelineStage stage) => stage switch
    {
        PipelineStage.Load => "load",
        PipelineStage.Fetch => "fetch",
        PipelineStage.Decode => "decode",
        PipelineStage.Classify => "classify",
        PipelineStage.Store => "store",
        PipelineStage.Publish => "publish",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };
}
