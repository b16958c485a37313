using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace PartsWorker.Board.Review;

/// <summary>
/// One image at a time. The next image appears while a decision is written; a decision that cannot be written brings its image back.
/// </summary>
public sealed partial class SingleReview : ReviewMode
{
    private const int ReadAhead = 40;
    private const int Low = 20;
    private readonly Stack<Step> _steps = [];
    private ReviewQueue _queue = new();
    private SessionPace _pace = default!;
    private string? _failure;
    private string? _note;
    private ReviewConflict? _conflict;
    private int _writing;
    private int _skipped;
    private bool _isReading;

    [Inject]
    private GalleryPictures Gallery { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    protected override string Script => "single";

    /// <summary>Accepts a candidate of the image that was on the screen.</summary>
    /// <returns>False when another image is the current one by now; nothing was decided then.</returns>
    [JSInvokable]
    public async Task<bool> AcceptAsync(Guid imageId, int number) =>
        _queue.Current is { } image && number >= 1 && number <= image.Candidates.Count
        && await DecideAsync(imageId, image.Candidates[number - 1].Class);

    /// <summary>Gives the image its class; null = none of the known classes.</summary>
    /// <inheritdoc cref="AcceptAsync" path="/returns" />
    [JSInvokable]
    public async Task<bool> DecideAsync(Guid imageId, string? className)
    {
        if (!MayDecide || _queue.Take(imageId) is not { } image)
        {
            return false;
        }

        var step = new Step(image);
        _steps.Push(step);
        _pace.Add(1);
        (_failure, _note) = (null, _conflict is null ? null : _note);
        // The browser must see the image go before a failed write brings it back.
        StateHasChanged();
        step.Saved = SaveAsync(step, className);
        await FillAsync();
        return true;
    }

    /// <inheritdoc cref="AcceptAsync" path="/returns" />
    [JSInvokable]
    public async Task<bool> SkipAsync(Guid imageId)
    {
        if (_queue.Take(imageId) is not { } image)
        {
            return false;
        }

        _steps.Push(new Step(image));
        _skipped++;
        StateHasChanged();
        await FillAsync();
        return true;
    }

    /// <summary>Brings back the image of the last decision or skip, and takes the review back.</summary>
    [JSInvokable]
    public async Task UndoAsync()
    {
        _note = null;
        var isUndone = false;
        while (!isUndone && _steps.TryPop(out var step))
        {
            isUndone = await UndoAsync(step);
        }

        _note ??= isUndone ? null : "Nothing to undo.";
        StateHasChanged();
    }

    protected override async Task OnInitializedAsync()
    {
        _pace = new SessionPace(Time);
        await StartAsync();
    }

    private async Task StartAsync()
    {
        (_queue, _skipped) = (new ReviewQueue(), 0);
        _steps.Clear();
        await FillAsync();
    }

    private async Task FillAsync()
    {
        if (_isReading || _queue.IsAtEnd || _queue.Count >= Low)
        {
            return;
        }

        _isReading = true;
        var queue = _queue;
        await ReadAsync(async (database, cancellation) =>
        {
            var read = await ReviewQueries.QueueAsync(database, Filter, queue.Last, ReadAhead, cancellation);
            await Gallery.OpenAsync(read.Select(image => image.Model));
            queue.Add(read, ReadAhead);
        });
        _isReading = false;
        StateHasChanged();
    }

    /// <returns>The number of the review; null when none was written.</returns>
    private async Task<long?> SaveAsync(Step step, string? className, long seen = 0)
    {
        List<long> written = [];
        List<OtherReview> others = [];
        _writing++;
        var isDone = await WriteAsync(async (database, _) =>
        {
            written = await ReviewWrites.WriteAsync(database, [step.Image.Key], className, seen: seen);
            others = written.Count > 0 ? []
                : await ReviewWrites.OthersAsync(database, [step.Image.Key], written, CancellationToken.None);
        });
        _writing--;
        if (!isDone)
        {
            _failure = $"The review was not written, decide again. {Problem}";
            _pace.Add(-1);
            _queue.PutBack(step.Image);
        }
        else if (written.Count == 0)
        {
            var other = others.Count > 0 ? others[0] : null;
            var image = step.Image.ImageId.ToString()[..8];
            _note = $"Image {image} had been reviewed as {OtherReview.Name(other?.Class)} by {other?.By}; that stays.";
            _conflict = other is null || other.Class == className ? null : new([step.Image], className, [other]);
        }

        StateHasChanged();
        return written.Count > 0 ? written[0] : null;
    }

    private void Override()
    {
        if (_conflict is { Images: [var image], Others: [var other] } conflict)
        {
            var step = new Step(image);
            _steps.Push(step);
            (_conflict, _note) = (null, null);
            step.Saved = SaveAsync(step, conflict.Class, seen: other.ReviewId);
        }
    }

    /// <returns>False when the step changed nothing: its review was not written, so the one before it is meant.</returns>
    private async Task<bool> UndoAsync(Step step)
    {
        if (step.Saved is null)
        {
            _skipped--;
            _queue.PutBack(step.Image);
            return true;
        }

        if (await step.Saved is not { } review)
        {
            return false;
        }

        await WithdrawAsync(step, review);
        return true;
    }

    private async Task WithdrawAsync(Step step, long review)
    {
        var withdrawn = 0L;
        if (!await WriteAsync(async (database, cancellation) =>
            withdrawn = await ReviewQueries.WithdrawAsync(database, [review], cancellation)))
        {
            _steps.Push(step);
        }
        else if (withdrawn > 0)
        {
            _pace.Add(-1);
            _queue.PutBack(step.Image);
        }
        else
        {
            _note = "A review can be taken back for one hour; review the image again on its own page.";
        }
    }

    private sealed record Step(ReviewImage Image)
    {
        /// <summary>The write; null for a skip.</summary>
        public Task<long?>? Saved { get; set; }
    }
}
