namespace PartsWorker.Terminal;

/// <summary>A number with its noun: <c>1 image</c>, <c>2 images</c>.</summary>
internal static class Counted
{
    public static string Of(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
