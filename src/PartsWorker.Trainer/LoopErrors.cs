namespace PartsWorker.Trainer;

/// <summary>Errors of parallel loops, which wrap those of their threads: on a full disk, for example, each thread fails.</summary>
internal static class LoopErrors
{
    /// <summary>The error, or the first one of the threads of a loop; null if not all of them are expected.</summary>
    public static Exception? First(Exception error, Predicate<Exception> expected)
    {
        var errors = error is AggregateException several ? several.Flatten().InnerExceptions : new([error]);
        return errors.All(inner => expected(inner)) ? errors[0] : null;
    }
}
