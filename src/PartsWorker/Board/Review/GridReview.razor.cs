using Microsoft.JSInterop;

namespace PartsWorker.Board.Review;

/// <summary>
/// Hundreds of images by predicted class, the most typical first; one class for all that are selected. The browser keeps the selection.
/// </summary>
public sealed partial class GridReview : ReviewMode
{
    // Their ids fit into one message of the browser.
    private const int PageSize = 500;
    private readonly Stack<Batch> _batches = [];
    private List<ReviewImage> _images = [];
    private List<IGrouping<string, ReviewImage>> _groups = [];
    private ReviewImage? _last;
    private string? _note;
    private ReviewConflict? _conflict;
    private int _page;
    private bool _hasMore;
    private bool _isReading;
    private bool _isWriting;
    private Task<bool> _writing = Task.FromResult(true);

    protected override string Script => "grid";

    /// <summary>Gives the selected images one class in one statement; null = none of the known classes.</summary>
    [JSInvokable]
    public async Task RelabelAsync(Guid[] imageIds, string? className)
    {
        var ids = imageIds.ToHashSet();
        var chosen = _images.Where(image => ids.Contains(image.ImageId)).ToList();
        if (!MayDecide || _isWriting || chosen.Count == 0)
        {
            return;
        }

        await GiveAsync(chosen, className, seen: []);
        StateHasChanged();
    }

    /// <summary>Takes back the last batch, in one statement.</summary>
    [JSInvokable]
    public async Task UndoAsync()
    {
        // While a decision is being written, that one is meant; if nothing was written, its note stays.
        if (_isWriting && !await _writing)
        {
            StateHasChanged();
            return;
        }

        if (!_batches.TryPop(out var batch))
        {
            _note = "Nothing to undo.";
        }
        else
        {
            await WithdrawAsync(batch);
        }

        StateHasChanged();
    }

    protected override Task OnInitializedAsync() => OpenAsync(null, 0);

    private static string Title(ReviewImage image) =>
        $"{image.Reason}, {image.Class ?? "unknown"} {image.Confidence:0.00}, {image.Color}, {image.Shape}, "
        + $"{image.CapturedAt:yyyy-MM-dd HH:mm:ss} UTC";

    private async Task OpenAsync(ReviewImage? after, int page)
    {
        (_isReading, _note, _conflict) = (true, null, null);
        await ReadAsync(async (database, cancellation) =>
        {
            var read = await ReviewQueries.QueueAsync(database, Filter, after, PageSize, cancellation);
            (_page, _hasMore, _last) = (page, read.Count == PageSize, read.Count > 0 ? read[^1] : after);
            Show(read);
        });
        _isReading = false;
    }

    private Task GiveAsync(List<ReviewImage> chosen, string? className, List<OtherReview> seen) =>
        _writing = SaveAsync(chosen, className, seen);

    /// <returns>Whether there is something to undo.</returns>
    private async Task<bool> SaveAsync(List<ReviewImage> chosen, string? className, List<OtherReview> seen)
    {
        (_isWriting, _conflict) = (true, null);
        List<long> written = [];
        List<OtherReview> others = [];
        if (await WriteAsync(async (database, _) =>
        {
            var keys = chosen.Select(image => image.Key).ToArray();
            var newest = seen.Select(review => review.ReviewId).Append(0).Max();
            written = await ReviewWrites.WriteAsync(database, keys, className, seen: newest);
            others = written.Count == chosen.Count ? []
                : await ReviewWrites.OthersAsync(database, keys, written, CancellationToken.None);
        }))
        {
            Note(chosen, className, written, others);
        }
        else
        {
            _note = "It is not certain that anything was written: load the page again to see.";
        }

        _isWriting = false;
        return written.Count > 0;
    }

    private void Note(List<ReviewImage> chosen, string? className, List<long> written, List<OtherReview> others)
    {
        if (written.Count > 0)
        {
            _batches.Push(new Batch(_page, chosen, written));
        }

        var ids = chosen.Select(image => image.ImageId).ToHashSet();
        Show(_images.Where(image => !ids.Contains(image.ImageId)));
        _note = $"{written.Count:N0} written as {OtherReview.Name(className)}";
        if (chosen.Count - written.Count is > 0 and var left)
        {
            var people = string.Join(", ", others.Select(review => review.By).Distinct().Take(3));
            _note += $"; {left:N0} had been reviewed meanwhile by {people}";
            var differing = others.Where(review => review.Class != className).ToDictionary(review => review.ImageId);
            _conflict = differing.Count == 0 ? null
                : new([.. chosen.Where(image => differing.ContainsKey(image.ImageId))], className, [.. differing.Values]);
        }
    }

    private Task OverrideAsync() => _conflict is { } conflict && !_isWriting
        ? GiveAsync([.. conflict.Images], conflict.Class, [.. conflict.Others]) : Task.CompletedTask;

    private async Task WithdrawAsync(Batch batch)
    {
        var withdrawn = 0L;
        if (!await WriteAsync(async (database, cancellation) =>
            withdrawn = await ReviewQueries.WithdrawAsync(database, batch.Reviews, cancellation)))
        {
            _batches.Push(batch);
            return;
        }

        _note = $"{withdrawn:N0} of {batch.Reviews.Count:N0} reviews taken back";
        // Those of another page come back when it is opened; a partial undo is read anew, since only the database knows which.
        if (withdrawn == batch.Reviews.Count && withdrawn == batch.Images.Count && batch.Page == _page)
        {
            Show(_images.Concat(batch.Images).DistinctBy(image => image.ImageId));
        }
    }

    private void Show(IEnumerable<ReviewImage> images)
    {
        _images = [.. images];
        _groups =
        [
            .. _images.OrderByDescending(image => image.MaxSimilarity).GroupBy(image => image.Group)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal),
        ];
    }

    private sealed record Batch(int Page, IReadOnlyList<ReviewImage> Images, IReadOnlyList<long> Reviews);
}
