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
    private int _page;
    private bool _hasMore;
    private bool _isReading;
    private bool _isWriting;

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

        _isWriting = true;
        List<long> written = [];
        // Not ended by leaving the page: what was decided is written.
        if (await WriteAsync(async (database, _) =>
            written = await ReviewQueries.WriteAsync(database, chosen, className, CancellationToken.None)))
        {
            if (written.Count > 0)
            {
                _batches.Push(new Batch(_page, chosen, written));
            }

            Show(_images.Where(image => !ids.Contains(image.ImageId)));
            var others = chosen.Count - written.Count;
            _note = $"{written.Count:N0} written as {className ?? "none of the known classes"}"
                + (others > 0 ? $"; {others:N0} had been reviewed by others meanwhile" : "");
        }
        else
        {
            _note = "It is not certain that anything was written: load the page again to see.";
        }

        _isWriting = false;

        StateHasChanged();
    }

    /// <summary>Takes back the last batch, in one statement.</summary>
    [JSInvokable]
    public async Task UndoAsync()
    {
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
        (_isReading, _note) = (true, null);
        await ReadAsync(async (database, cancellation) =>
        {
            var read = await ReviewQueries.QueueAsync(database, Filter, after, PageSize, cancellation);
            (_page, _hasMore, _last) = (page, read.Count == PageSize, read.Count > 0 ? read[^1] : after);
            Show(read);
        });
        _isReading = false;
    }

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
