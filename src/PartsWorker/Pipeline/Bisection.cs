namespace PartsWorker.Pipeline;

/// <summary>Finds the parts that make a whole batch fail: halves the batch until the guilty ones stand alone.</summary>
internal static class Bisection
{
    /// <summary>Runs <paramref name="attempt"/> on ever smaller halves; returns the items that failed even alone, each with its exception.</summary>
    public static async ValueTask<List<(T Item, Exception Error)>> RunAsync<T>(
        IReadOnlyList<T> items, Func<IReadOnlyList<T>, ValueTask> attempt, Func<Exception, bool> canIsolate)
    {
        var guilty = new List<(T, Exception)>();
        var open = new Stack<IReadOnlyList<T>>([items]);
        while (open.TryPop(out var some))
        {
            try
            {
                await attempt(some);
            }
            catch (Exception error) when (canIsolate(error))
            {
                if (some.Count == 1)
                {
                    guilty.Add((some[0], error));
                    continue;
                }

                var half = some.Count / 2;
                open.Push([.. some.Skip(half)]);
                open.Push([.. some.Take(half)]);
            }
        }

        return guilty;
    }
}
