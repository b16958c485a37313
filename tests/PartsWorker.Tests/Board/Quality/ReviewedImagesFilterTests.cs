using Microsoft.AspNetCore.WebUtilities;
using PartsWorker.Board.Quality;

namespace PartsWorker.Tests.Board.Quality;

public sealed class ReviewedImagesFilterTests
{
    private static readonly QualityFilter Time = new(new DateOnly(2026, 11, 28), 14, null, null, null);

    [Fact]
    public void A_cell_of_the_matrix_leads_to_its_images_and_the_next_page_begins_after_the_last_one()
    {
        var last = new ReviewedImage(
            Guid.NewGuid(), new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(7), "A", "cam-1", "parts@1", 0.5f,
            "anna", DateTimeOffset.UnixEpoch);
        var first = Parse(Time.ImagesUrl("nut & bolt", null));

        var next = Parse(first.NextUrl(last));

        Assert.Equal(("nut & bolt", null, Time.Until), (first.Answered, first.Reviewed, first.BeforeTime));
        Assert.Equal(first with { BeforeTime = last.CapturedAt, BeforeImage = last.ImageId }, next);
    }

    [Theory]
    [InlineData(null, "", null)]
    [InlineData("", null, null)]
    [InlineData("", "", "2026-11-20")]
    [InlineData("", "", "2026-11-20T00:00:00.000000Z_x")]
    public void An_address_that_names_no_pair_or_no_place_is_refused(string? answered, string? reviewed, string? before) =>
        Assert.Throws<UserErrorException>(() => ReviewedImagesFilter.Parse(Time, answered, reviewed, before));

    private static ReviewedImagesFilter Parse(string url)
    {
        var query = QueryHelpers.ParseQuery(url.Split('?')[1]);
        return ReviewedImagesFilter.Parse(Time, query["answered"], query["reviewed"], query.GetValueOrDefault("before"));
    }
}
