using Microsoft.AspNetCore.Components;
using PartsWorker.Board.Layout;
using PartsWorker.Comparing;

namespace PartsWorker.Board.Models;

/// <summary>Two models over the images of a time window that both have classified.</summary>
public sealed partial class DiffPage : BoardPage
{
    private const int Examples = 48;

    // A month of ten million a year takes about half a minute; more belongs to partsworker models diff.
    private static readonly TimeSpan MaxWindow = TimeSpan.FromDays(31);

    private List<string> _models = [];
    private ModelDiff? _diff;
    private bool _isReading;
    private int _round;

    [SupplyParameterFromQuery]
    public string? A { get; set; }

    [SupplyParameterFromQuery]
    public string? B { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? To { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private (DateTimeOffset From, DateTimeOffset To)? Window { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        (_isReading, _diff) = (true, null);
        var round = ++_round;
        await ReadAsync(async (database, cancellation) =>
        {
            _models = await new ModelsQueries(database).KeysAsync(cancellation);
            var (from, to) = ParseWindow(From, To, Time.GetUtcNow());
            Window = (from, to);
            StateHasChanged();
            if (A is null && B is null)
            {
                return;
            }

            var diff = await new ModelDiffReader(database).ReadAsync(Known(A), Known(B), from, to, Examples, cancellation);
            // A longer comparison that was asked for before may end after this one.
            _diff = round == _round ? diff : _diff;
        });
        _isReading = _isReading && round != _round;
    }

    internal static (DateTimeOffset From, DateTimeOffset To) ParseWindow(string? from, string? to, DateTimeOffset now)
    {
        var window = UtcTimes.Window(from, to, (now.AddDays(-1), now.AddMinutes(1)));
        return window.To - window.From <= MaxWindow ? window : throw new UserErrorException(
            $"The page compares at most {MaxWindow.Days} days; partsworker models diff compares any time window.");
    }

    private string Known(string? key) =>
        key is not null && _models.Contains(key) ? key : throw new UserErrorException($"{key ?? "The missing model"} is not registered.");
}
