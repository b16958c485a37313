namespace PartsWorker.Reprocessing;

/// <summary>One row of <c>reprocess_runs</c>: the progress of a request.</summary>
internal sealed record ReprocessRun(long RunId, long Selected, long Published, ReprocessCursor? Cursor);

/// <summary>The last image whose reference the broker has confirmed; images are published in this order.</summary>
internal sealed record ReprocessCursor(DateTimeOffset CapturedAt, Guid ImageId);
