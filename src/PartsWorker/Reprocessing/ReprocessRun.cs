namespace PartsWorker.Reprocessing;

/// <summary>One row of <c>reprocess_runs</c>: the progress of a request.</summary>
/// <param name="RunId">Number of the run.</param>
/// <param name="Selected">Images selected at the start.</param>
/// <param name="Published">References confirmed by the broker.</param>
/// <param name="Cursor">The last of them; null before the first.</param>
/// <param name="StartedAt">Images stored after this time do not belong to the run, however often it is continued.</param>
internal sealed record ReprocessRun(long RunId, long Selected, long Published, ReprocessCursor? Cursor, DateTimeOffset StartedAt);

/// <summary>The last image whose reference the broker has confirmed; images are published in this order.</summary>
internal sealed record ReprocessCursor(DateTimeOffset CapturedAt, Guid ImageId);
