using PartsWorker.Classifying;

namespace PartsWorker.Board.Try;

/// <summary>One row of the page Try: a thumbnail and the answer, or the line that tells why there is none.</summary>
public sealed record TriedImage(string Name, string? DataUri, ClassifiedImage? Answer, string? Problem);
