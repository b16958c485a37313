using Spectre.Console;

namespace PartsWorker.Terminal;

/// <summary>A progress bar on a terminal; prints nothing when the output is a file or a pipe.</summary>
internal static class ProgressBar
{
    /// <param name="title">Text beside the bar.</param>
    /// <param name="total">Number of steps.</param>
    /// <param name="quiet">True when the output is read by a program.</param>
    /// <param name="work">Receives the action that advances the bar by a number of steps.</param>
    public static async Task<T> RunAsync<T>(string title, long total, bool quiet, Func<Action<long>, Task<T>> work)
    {
        if (quiet || Console.IsOutputRedirected || total == 0)
        {
            return await work(_ => { });
        }

        return await AnsiConsole.Progress()
            .Columns(
            [
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(),
                new SpinnerColumn(),
            ])
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: total);
                return work(steps => task.Increment(steps));
            });
    }
}
