using Spectre.Console;

namespace PartsWorker.Terminal;

/// <summary>A bar on a terminal, silence where the output is a file or a pipe: there the command's last line says it all.</summary>
internal static class ProgressBar
{
    /// <param name="title">What is being done.</param>
    /// <param name="total">How many steps there are.</param>
    /// <param name="quiet">True when the output is for machines.</param>
    /// <param name="work">Gets the action that moves the bar by so many steps.</param>
    public static async Task<T> RunAsync<T>(string title, long total, bool quiet, Func<Action<long>, Task<T>> work)
    {
        if (quiet || Console.IsOutputRedirected || total == 0)
        {
            return await work(_ => { });
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: total);
                return work(steps => task.Increment(steps));
            });
    }
}
