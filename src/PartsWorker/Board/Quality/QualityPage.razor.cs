using Microsoft.AspNetCore.Components;

namespace PartsWorker.Board.Quality;

/// <summary>The page <c>/quality</c>. It reads the days one by one, newest first, and draws each when it has arrived.</summary>
public sealed partial class QualityPage : FilteredPage
{
    private QualityFilter? _filter;
    private QualityReport? _report;
    private QualityChoices _choices = QualityChoices.None;
    private CancellationTokenSource _current = new();
    private DateOnly _driftDay;
    private string? _wrong;
    private bool _isReading;

    [SupplyParameterFromQuery]
    public string? Days { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    protected override async Task OnParametersSetAsync()
    {
        var today = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
        try
        {
            (var filter, _wrong) = (QualityFilter.Parse(Days, To, Line, Camera, Model, today), null);
            if (filter != _filter)
            {
                _filter = filter;
                // A day that has not ended says little about drift.
                _driftDay = filter.LastDay < today ? filter.LastDay : today.AddDays(-1);
                await ShowAsync(filter);
            }
        }
        catch (UserErrorException wrong)
        {
            (_wrong, _filter, _report) = (wrong.Message, null, null);
            await _current.CancelAsync();
        }
    }

    protected override void OnClosed()
    {
        _current.Cancel();
        _current.Dispose();
    }

    private async Task ShowAsync(QualityFilter filter)
    {
        await _current.CancelAsync();
        _current.Dispose();
        _current = new();
        var (report, current) = (new QualityReport(filter), _current.Token);
        (_report, _isReading) = (report, true);
        await ReadAsync(async (database, closed) =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(closed, current);
            try
            {
                await FillAsync(report, new QualityQueries(database), either.Token);
            }
            catch (OperationCanceledException) when (current.IsCancellationRequested)
            {
                // Another filter has taken over the page.
            }
        });
        _isReading = _isReading && report != _report;
    }

    private async Task FillAsync(QualityReport report, QualityQueries queries, CancellationToken cancellationToken)
    {
        var filter = report.Filter;
        _choices = await queries.ChoicesAsync(filter.LastDay, cancellationToken);
        report.Set(await queries.ReviewedAsync(filter, cancellationToken), await queries.ConfusionAsync(filter, cancellationToken));
        foreach (var day in filter.NewestFirst)
        {
            report.Set(await queries.DayAsync(filter, day, cancellationToken));
            StateHasChanged();
        }

        foreach (var day in filter.IsOneCamera ? filter.NewestFirst : [_driftDay])
        {
            report.Add(await queries.DriftAsync(filter, day, cancellationToken), day);
            StateHasChanged();
        }
    }

    private static string Share(double? share) => share?.ToString("P1") ?? "-";
}
