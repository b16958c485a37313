namespace PartsWorker.Reprocessing;

/// <summary>One row of <c>reprocess_runs</c>: how far a request has come.</summary>
internal sealed record ReprocessRun(long RunId, long Selected, long Published, ReprocessCursor? Cursor);

/// <summary>The last image whose reference the broker has confirmed; images are walked in this order.</summary>
internal sealed record ReprocessCursor(DateTimeOffset CapturedAt, Guid ImageId);
