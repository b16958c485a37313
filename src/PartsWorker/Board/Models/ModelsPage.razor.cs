using Microsoft.AspNetCore.Components;
using MudBlazor;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Board.Models;

/// <summary>Versions, what serves, and its history; operators change it here.</summary>
public sealed partial class ModelsPage : BoardPage
{
    private ServingNow? _serving;
    private List<ModelVersion> _versions = [];
    private List<ModelChange> _changes = [];
    private bool _isOperator;
    private string? _working;
    private string _shadowModel = "";
    private int _shadowPercent = 10;

    /// <summary>Shows the history before this change.</summary>
    [SupplyParameterFromQuery]
    public string? Before { get; set; }

    [Inject]
    private ModelActions Actions { get; set; } = default!;

    [Inject]
    private SignedIn SignedIn { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    private bool IsWorking => _working is not null;

    protected override Task OnParametersSetAsync() => LoadAsync();

    private Task<bool> LoadAsync() => ReadAsync(async (database, cancellation) =>
    {
        var before = Before is null ? long.MaxValue
            : long.TryParse(Before, out var id) ? id : throw new UserErrorException("before is not the number of a change.");
        var queries = new ModelsQueries(database);
        _isOperator = await IsInAsync(BoardRoles.Operator);
        _versions = await queries.VersionsAsync(cancellation);
        _changes = await queries.ChangesAsync(before, cancellation);
        _serving = await queries.ServingAsync(cancellation);
    });

    private Task ActivateAsync(string key) => ChangeAsync(
        $"Activate {key}?", ModelConsequences.Activate(key, _serving!.Model), "Activate",
        $"Verifying {key} on the machine of the board.",
        (person, cancellation) => Actions.ActivateAsync(person, key, cancellation));

    private Task RollBackAsync()
    {
        var (active, previous) = (_serving!.Model, _serving.Previous!);
        return ChangeAsync(
            $"Roll back to {previous}?", ModelConsequences.Activate(previous, active), "Roll back", "Rolling back.",
            (person, cancellation) => Actions.RollbackAsync(person, active, previous, cancellation));
    }

    private Task ShadowAsync()
    {
        var (key, percent) = (_shadowModel, _shadowPercent);
        return ChangeAsync(
            $"Run {key} as shadow?", ModelConsequences.Shadow(key, percent), "Start shadow",
            $"Verifying {key} on the machine of the board.",
            (person, cancellation) => Actions.ShadowAsync(person, key, percent / 100f, cancellation));
    }

    private Task StopShadowAsync() => ChangeAsync(
        "Stop the shadow model?", $"{_serving!.Shadow} stops classifying live images; its rows stay in the database.", "Stop shadow",
        "Stopping the shadow model.", (person, cancellation) => Actions.ShadowAsync(person, key: null, share: 0, cancellation));

    private async Task ChangeAsync(
        string title, string consequence, string verb, string working, Func<BoardSession, CancellationToken, Task> change)
    {
        if (IsWorking || await Dialogs.ShowMessageBoxAsync(title, consequence, verb, cancelText: "Cancel") != true)
        {
            return;
        }

        (_working, Problem) = (working, null);
        StateHasChanged();
        var isDone = await WriteAsync(async (_, cancellation) => await change(await SignedIn.SessionAsync(), cancellation));
        _working = null;
        if (isDone)
        {
            await LoadAsync();
        }
    }
}
