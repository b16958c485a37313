namespace PartsWorker.Trainer.Data;

/// <summary>The newest review of an image that shows a part.</summary>
/// <param name="Id">Number of the review.</param>
/// <param name="Path">The file.</param>
/// <param name="Class">Class named by the reviewer.</param>
/// <param name="Color">Color of this class.</param>
/// <param name="Shape">Shape of this class.</param>
/// <param name="CapturedAt">When the image was captured.</param>
internal sealed record Review(long Id, string Path, string Class, string Color, string Shape, DateTimeOffset CapturedAt);
