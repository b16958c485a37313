using Microsoft.AspNetCore.Components;
using MudBlazor;
using Npgsql;
using PartsWorker.Board.Models;
using PartsWorker.Board.SignIn;
using PartsWorker.Reprocessing;

namespace PartsWorker.Board.Reprocessing;

/// <summary>Runs with their progress, for everybody; operators start, stop and resume them.</summary>
public sealed partial class ReprocessingPage : FilteredPage
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private List<string>? _models;
    private List<RunRow>? _runs;
    private RunCount? _runCount;
    private ReprocessInput? _input;
    private string? _refused;
    private long? _count;
    private bool _isCounting;
    private bool _isStarting;
    private bool _isOperator;
    private int _round;

    [SupplyParameterFromQuery]
    public string? Class { get; set; }

    [SupplyParameterFromQuery]
    public string? Decision { get; set; }

    [SupplyParameterFromQuery]
    public string? MaxConfidence { get; set; }

    /// <summary>Counts this run exactly.</summary>
    [SupplyParameterFromQuery]
    public string? Run { get; set; }

    /// <summary>Shows the runs before this one.</summary>
    [SupplyParameterFromQuery]
    public string? Before { get; set; }

    [Inject]
    private BackgroundReprocessing Background { get; set; } = default!;

    [Inject]
    private BoardBroker Broker { get; set; } = default!;

    [Inject]
    private SignedIn SignedIn { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    private string Key => string.Join('|', Values.Values);

    private Dictionary<string, string?> Values => new()
    {
        ["model"] = Model, ["from"] = From, ["to"] = To, ["line"] = Line, ["camera"] = Camera, ["class"] = Class, ["decision"] = Decision,
        ["maxConfidence"] = MaxConfidence,
    };

    protected override void OnInitialized() => _ = PollAsync();

    protected override async Task OnParametersSetAsync()
    {
        (_refused, _count, _runCount, _input, _isCounting) = (null, null, null, null, false);
        var round = ++_round;
        if (await LoadAsync() && round == _round)
        {
            await CountAsync(round);
        }
    }

    private static long Number(string name, string? text, long standard) =>
        text is null ? standard : long.TryParse(text, out var number) ? number : throw new UserErrorException($"{name} is not a number.");

    private Task<bool> LoadAsync() => ReadAsync(async (database, cancellation) =>
    {
        var queries = new ReprocessQueries(database);
        _isOperator = await IsInAsync(BoardRoles.Operator);
        _models ??= await new ModelsQueries(database).KeysAsync(cancellation);
        _runs = await queries.RunsAsync(Number("before", Before, long.MaxValue), cancellation);
    });

    // One short statement for the newest runs; the process that works on a run keeps its counts up to date.
    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(Closed))
            {
                if (_runs is not null)
                {
                    await LoadAsync();
                    StateHasChanged();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The person has left the page.
        }
    }

    private async Task CountAsync(int round)
    {
        if (Run is null && Model is null && From is null && To is null)
        {
            return;
        }

        _isCounting = Run is null;
        await TryAsync(async (database, cancellation) =>
        {
            try
            {
                await (Run is not null ? CountRunAsync(round, database, cancellation) : CountImagesAsync(round, database, cancellation));
            }
            catch (Exception) when (round != _round)
            {
                // A longer count that was asked for before; its outcome belongs to no form on the page.
            }
        });
        _isCounting = _isCounting && round != _round;
    }

    private async Task CountRunAsync(int round, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var counted = await new ReprocessQueries(database).CountAsync(Number("run", Run, 0), cancellation)
            ?? throw new UserErrorException($"There is no run {Run}.");
        _runCount = round == _round ? counted : _runCount;
    }

    private async Task CountImagesAsync(int round, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var input = new ReprocessInput(Model, From, To, Line, Camera, Class, Decision, MaxConfidence);
        if (!await IsInAsync(BoardRoles.Operator))
        {
            throw new UserErrorException("Only operators may start reprocessing, so only they may count what it would select.");
        }

        var request = input.ToRequest();
        _input = round == _round ? input : _input;
        var count = _models!.Contains(request.Model)
            ? await new ReprocessSelection(database, request).CountAsync(cancellation)
            : throw new UserErrorException($"{request.Model} is not registered.");
        _count = round == _round ? count : _count;
    }

    private async Task StartAsync()
    {
        var request = _input!.ToRequest();
        var consequence = $"{_count:N0} images will be published and classified by {request.Model}; live images keep their priority.";
        if (await Dialogs.ShowMessageBoxAsync("Start reprocessing?", consequence, "Start", cancelText: "Cancel") == true)
        {
            await StartAsync(request);
        }
    }

    private Task ResumeAsync(RunRow run) => StartAsync(ReprocessInput.OfRun(run));

    private async Task StartAsync(ReprocessRequest request)
    {
        _isStarting = true;
        await TryAsync(async (_, cancellation) => await Background.StartAsync(await SignedIn.SessionAsync(), request, cancellation));
        _isStarting = false;
        await RefreshAsync();
    }

    private async Task StopAsync(RunRow run)
    {
        await TryAsync(async (_, cancellation) => await Background.StopAsync(await SignedIn.SessionAsync(), run.Id, cancellation));
        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        if (_refused is null)
        {
            await LoadAsync();
        }
    }

    // What was refused stays on the page until the next action, although the list is read again meanwhile.
    private async Task TryAsync(Func<NpgsqlDataSource, CancellationToken, Task> work)
    {
        _refused = null;
        if (!await WriteAsync(work))
        {
            _refused = Problem;
        }
    }
}
