using Microsoft.AspNetCore.Components;
using MudBlazor;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Board.DeadLetters;

/// <summary>The messages that failed permanently, with their images where these can be read; operators replay them.</summary>
public sealed partial class DeadLettersPage : BoardPage
{
    private const int MaxShown = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Longer, because an empty page may stay open all day, and each reading opens a connection to the broker.
    private static readonly TimeSpan PauseWhileEmpty = TimeSpan.FromSeconds(15);

    private readonly HashSet<string> _selected = new(StringComparer.Ordinal);
    private LetterList? _list;
    private LetterFilter? _filter;
    private List<ListedLetter> _shown = [];
    private List<(string Reason, int Count)> _reasons = [];
    private int _matching;
    private int _visit;
    private string? _line;
    private string? _camera;
    private string? _done;
    private bool _isOperator;
    private bool _isWorking;

    [SupplyParameterFromQuery]
    public string? Reason { get; set; }

    [SupplyParameterFromQuery]
    public string? Line { get; set; }

    [SupplyParameterFromQuery]
    public string? Camera { get; set; }

    /// <summary>Shows the letter of this image.</summary>
    [SupplyParameterFromQuery]
    public string? Image { get; set; }

    [Inject]
    private LetterShelf Shelf { get; set; } = default!;

    [Inject]
    private BoardBroker Broker { get; set; } = default!;

    [Inject]
    private SignedIn SignedIn { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    protected override async Task OnParametersSetAsync()
    {
        (_line, _camera) = (Line, Camera);
        _selected.Clear();
        await LoadAsync();
        // The broker may be away for a while, another reader may hold letters, and the first letter may still come.
        var visit = ++_visit;
        while (visit == _visit && _list is not { IsComplete: true, Total: > 0 } && Broker.Settings is not null
            && Navigation.Uri.Contains("dead-letters", StringComparison.Ordinal) && !Closed.IsCancellationRequested)
        {
            StateHasChanged();
            await Task.Delay(_list is { IsComplete: true } ? PauseWhileEmpty : Pause, Closed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        if (Closed.IsCancellationRequested)
        {
            return;
        }

        _isWorking = true;
        await WriteAsync(async (_, cancellation) =>
        {
            _isOperator = await IsInAsync(BoardRoles.Operator);
            _filter = LetterFilter.Parse(Reason, Line, Camera, Image);
            _list = await Shelf.ListAsync(cancellation);
            var matching = _list.Letters.Where(_filter.Matches).ToArray();
            (_matching, _shown) = (matching.Length, [.. matching.Take(MaxShown)]);
            _reasons = [.. _list.Letters.CountBy(letter => letter.Reason).OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => (pair.Key, pair.Value))];
            _selected.IntersectWith(_shown.Select(letter => letter.Key));
        });
        _isWorking = false;
    }

    private void ChooseReason(ChangeEventArgs change) => Go((string?)change.Value);

    private void Apply() => Go(Reason);

    private void Go(string? reason) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["reason"] = string.IsNullOrEmpty(reason) ? null : reason, ["line"] = string.IsNullOrEmpty(_line) ? null : _line,
        ["camera"] = string.IsNullOrEmpty(_camera) ? null : _camera, ["image"] = null,
    }));

    private Task ReplayOneAsync(ListedLetter letter) => ReplayAsync("1 dead letter", other => other.Key == letter.Key);

    private Task ReplaySelectedAsync()
    {
        HashSet<string> keys = [.. _selected];
        return ReplayAsync($"{keys.Count:N0} dead letters", letter => keys.Contains(letter.Key));
    }

    private Task ReplayAllAsync()
    {
        var (filter, isAll) = (_filter!, _list!.Total == _list.Letters.Count);
        return ReplayAsync($"{(isAll ? "" : "At least ")}{_matching:N0} dead letters", filter.Matches);
    }

    private async Task ReplayAsync(string what, Func<ListedLetter, bool> selects)
    {
        var consequence = $"{what} will be sent back to the workers with the attempts reset; what fails again returns to this list.";
        if (_isWorking || await Dialogs.ShowMessageBoxAsync("Replay?", consequence, "Replay", cancelText: "Cancel") != true)
        {
            return;
        }

        (_isWorking, _done) = (true, null);
        StateHasChanged();
        ReplayResult? result = null;
        await WriteAsync(async (_, cancellation) =>
            result = await Shelf.ReplayAsync(await SignedIn.SessionAsync(), selects, cancellation));
        _isWorking = false;
        if (result is not null)
        {
            _done = result.Failed == 0
                ? $"{result.Replayed:N0} replayed."
                : $"{result.Replayed:N0} replayed, {result.Failed:N0} could not be replayed and stay: {result.FirstError}";
            await LoadAsync();
        }
    }
}
