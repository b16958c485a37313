using Microsoft.AspNetCore.Components;
using PartsWorker.Board.Find;
using PartsWorker.Board.Review;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Board.ImageDetail;

/// <summary>The page <c>/image/{imageId}</c>: everything that SQL knows about one image.</summary>
public sealed partial class ImagePage : BoardPage
{
    private ImageFacts? _facts;
    private IReadOnlyList<string> _classes = [];
    private string? _wrong;
    private string? _overtaken;
    private bool _isMissing;
    private bool _isReviewer;
    private bool _isWriting;
    private string? _shown;

    /// <summary>Text, so that a wrong id gets a line of its own.</summary>
    [Parameter]
    public string ImageId { get; set; } = "";

    private string ShortId => Guid.TryParse(ImageId, out var id) ? id.ToString()[..8] : "";

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == ImageId)
        {
            return;
        }

        (_shown, _facts, _isMissing, _wrong, _overtaken) = (ImageId, null, false, null, null);
        if (!Guid.TryParseExact(ImageId, "D", out var id))
        {
            _wrong = "This is not an image id: it must be a UUID like 29635388-5b45-5d26-9cf7-d627cac57f72.";
            return;
        }

        await ShowAsync(id);
    }

    private static string CameraLink(ImageRow image) => FindUrl.Link(FindUrl.Page, new Dictionary<string, string>
    {
        ["line"] = image.Line, ["camera"] = image.Camera, ["to"] = FindUrl.Text(image.CapturedAt.AddTicks(TimeSpan.TicksPerMicrosecond)),
    });

    private async Task ShowAsync(Guid id)
    {
        ImageFacts? facts = null;
        var isRead = await ReadAsync(async (database, token) =>
        {
            _isReviewer = await IsInAsync(BoardRoles.Reviewer);
            var queries = new ImageQueries(database);
            facts = await queries.FindAsync(id, token);
            _classes = _isReviewer && _classes.Count == 0 ? await queries.ClassesAsync(token) : _classes;
        });
        // A click on the next image may have been faster than the database.
        if (_shown == ImageId && isRead && Guid.Parse(_shown) == id)
        {
            (_facts, _isMissing) = (facts, facts is null);
        }
    }

    private async Task<bool> ReviewAsync(string? className, string? note)
    {
        var facts = _facts!;
        List<ReviewRow> reviews = [];
        var written = 0;
        (_isWriting, _overtaken) = (true, null);
        StateHasChanged();
        var isDone = await WriteAsync(async (database, token) =>
        {
            var key = new ImageKey(facts.Image.ImageId, facts.Image.CapturedAt);
            var seen = facts.Reviews.Count > 0 ? facts.Reviews[0].ReviewId : 0;
            written = (await ReviewWrites.WriteAsync(database, [key], className, note, seen)).Count;
            reviews = await new ImageQueries(database).ReviewsAsync(facts.Image, token);
        });
        _isWriting = false;
        if (isDone && ReferenceEquals(_facts, facts))
        {
            _facts = facts with { Reviews = reviews };
            _overtaken = written > 0 || reviews.Count == 0 ? null
                : $"{reviews[0].ReviewedBy} has reviewed this image meanwhile: {OtherReview.Name(reviews[0].Class)}. "
                    + "Save again to override.";
        }

        StateHasChanged();
        return isDone && written > 0;
    }
}
