using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace PartsWorker.Board.Find;

/// <summary>The page <c>/find</c>. Its query is the filter: a new query is a new search, and the one before it is cancelled.</summary>
public sealed partial class FindPage : BoardPage
{
    private Dictionary<string, string> _values = [];
    private FindChoices _choices = FindChoices.None;
    private FindSearch? _search;
    private CancellationTokenSource _current = new();
    private string? _wrong;
    private bool _isSearching;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        await SearchAsync();
        await ReadAsync(async (database, token) => _choices = await new FindQueries(database).ChoicesAsync(token));
    }

    protected override void OnClosed()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _current.Cancel();
        _current.Dispose();
    }

    private void Show(Dictionary<string, string> values) => Navigation.NavigateTo(FindUrl.Link(FindUrl.Page, values));

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath.EndsWith('/' + FindUrl.Page, StringComparison.Ordinal))
        {
            _ = InvokeAsync(SearchAsync);
        }
    }

    private async Task SearchAsync()
    {
        await _current.CancelAsync();
        _current.Dispose();
        _current = new();
        var query = new Uri(Navigation.Uri).Query;
        (_values, _search, _wrong, Problem) = (FindUrl.Values(query), null, null, null);
        try
        {
            _search = new(FindUrl.Parse(query), Time);
            await ContinueAsync();
        }
        catch (UserErrorException wrong)
        {
            _wrong = wrong.Message;
            StateHasChanged();
        }
    }

    private async Task ContinueAsync()
    {
        var (search, current) = (_search!, _current.Token);
        _isSearching = true;
        StateHasChanged();
        await ReadAsync(async (database, closed) =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(closed, current);
            try
            {
                await search.ContinueAsync(new FindQueries(database), either.Token);
            }
            catch (OperationCanceledException) when (current.IsCancellationRequested)
            {
                // A newer search has taken over the page.
            }
        });
        if (ReferenceEquals(search, _search))
        {
            _isSearching = false;
            StateHasChanged();
        }
    }
}
