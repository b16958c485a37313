using Microsoft.AspNetCore.Components;
using Npgsql;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Board;

/// <summary>
/// Base of every page: reads from the database under the person's login, shows one line when that fails, and tries again by itself while
/// the database is away.
/// </summary>
public abstract class BoardPage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _closed;

    protected BoardPage()
    {
        _closed = new();
        Closed = _closed.Token;
    }

    /// <summary>One line for the person; null when all is well.</summary>
    protected string? Problem { get; set; }

    /// <summary>True until the first read has ended.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>Ends when the person leaves the page.</summary>
    protected CancellationToken Closed { get; }

    [Inject]
    private SignedIn Person { get; set; } = default!;

    [Inject]
    private NavigationManager Pages { get; set; } = default!;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        OnClosed();
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the page holds.</summary>
    protected virtual void OnClosed()
    {
    }

    /// <summary>Whether to show what only this role may do.</summary>
    private protected async Task<bool> IsInAsync(string role) => await Person.IsInAsync(role);

    /// <summary>Runs a read; repeats it every few seconds while the database is away, and keeps what is shown until then.</summary>
    /// <returns>False when the page was closed or the statement was refused; <see cref="Problem"/> then has the line.</returns>
    private protected async Task<bool> ReadAsync(Func<NpgsqlDataSource, CancellationToken, Task> read)
    {
        while (true)
        {
            var outcome = await TryAsync(read);
            IsLoading = false;
            if (outcome != Outcome.Away)
            {
                return outcome == Outcome.Done;
            }

            StateHasChanged();
            await Task.Delay(Pause, Closed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (Closed.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>Runs a change once; a change is never repeated by itself.</summary>
    /// <returns>Whether it was done; otherwise <see cref="Problem"/> has the line.</returns>
    private protected async Task<bool> WriteAsync(Func<NpgsqlDataSource, CancellationToken, Task> write) =>
        await TryAsync(write) == Outcome.Done;

    private async Task<Outcome> TryAsync(Func<NpgsqlDataSource, CancellationToken, Task> work)
    {
        try
        {
            await work(await Person.DatabaseAsync(), Closed);
            Problem = null;
            return Outcome.Done;
        }
        catch (Exception error) when (error is SessionEndedException or ObjectDisposedException)
        {
            Problem = "The session has ended: sign in again.";
            var here = Uri.EscapeDataString($"/{Pages.ToBaseRelativePath(Pages.Uri)}");
            Pages.NavigateTo($"sign-in?problem={SignInProblem.Ended}&returnUrl={here}", forceLoad: true);
            return Outcome.Refused;
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested)
        {
            return Outcome.Refused;
        }
        catch (Exception error) when (BoardErrors.Explain(error) is { } explained)
        {
            Problem = explained.Line;
            return explained.IsAway ? Outcome.Away : Outcome.Refused;
        }
    }

    private enum Outcome
    {
        Done,
        Refused,
        Away,
    }
}
