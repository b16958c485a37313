namespace PartsWorker.Trainer.Data;

/// <summary>An image file and its class.</summary>
internal sealed record LabeledImage(string Path, int ClassId);

/// <summary>An image that could not be read, and the reason in one line.</summary>
internal sealed record SkippedImage(string Path, string Reason);
