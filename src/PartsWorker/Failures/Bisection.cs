namespace PartsWorker.Failures;

/// <summary>Finds the items that make a whole batch fail, by halving it until each of them is alone.</summary>
internal static class Bisection
{
    /// <summary>Runs <paramref name="attempt"/> on ever smaller halves.</summary>
    /// <returns>The items that failed even alone, each with its exception.</returns>
    public static async ValueTask<List<(T Item, Exception Error)>> RunAsync<T>(
        IReadOnlyList<T> items, Func<IReadOnlyList<T>, ValueTask> attempt, Func<Exception, bool> canIsolate)
    {
        var failed = new List<(T, Exception)>();
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
                    failed.Add((some[0], error));
                    continue;
                }

                var half = some.Count / 2;
                open.Push([.. some.Skip(half)]);
                open.Push([.. some.Take(half)]);
            }
        }

        return failed;
    }
}
