namespace PartsWorker.Trainer.Data;

/// <summary>One image on disk and the class its folder or manifest line gives it.</summary>
internal sealed record LabeledImage(string Path, int ClassId);

/// <summary>An image that could not be read, and why, in one line.</summary>
internal sealed record SkippedImage(string Path, string Reason);
