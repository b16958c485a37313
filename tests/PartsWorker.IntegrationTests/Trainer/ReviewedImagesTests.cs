using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;
using PartsWorker.Trainer.Data;

namespace PartsWorker.IntegrationTests.Trainer;

/// <summary>What <c>partstrainer --from-reviews</c> reads out of the real tables.</summary>
public sealed class ReviewedImagesTests : IAsyncLifetime
{
    private static readonly ReviewWindow Always = new(DateTimeOffset.UnixEpoch, SomeResult.Noon.AddYears(10));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parts-reviews-");
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync($"""
            INSERT INTO models (model, name, version, bundle_sha256)
            SELECT 'parts@' || v, 'parts', v, '{new string('0', 64)}' FROM unnest(ARRAY['1', '2']) AS v;
            INSERT INTO model_classes VALUES
                ('parts@1', 0, 'red plate', 'red', 'plate'), ('parts@1', 1, 'blue plate', 'blue', 'plate'),
                ('parts@2', 0, 'hook', 'red', 'formed');
            UPDATE serving SET model = 'parts@1'
            """);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_newest_review_of_an_image_is_its_label_and_the_models_answer_is_not()
    {
        var (first, second, nothing) = (await StoreAsync("a.jpg"), await StoreAsync("b with space.jpg"), await StoreAsync("c.jpg"));
        await ReviewAsync(first, "red plate");
        await ReviewAsync(first, "blue plate");
        await ReviewAsync(second, "red plate");
        await ReviewAsync(nothing, null);
        await StoreAsync("not-reviewed.jpg");

        var (images, skipped) = await ReadAsync(Always);

        Assert.Equal(
            ["a.jpg|1", "b with space.jpg|0"], images.Select(i => $"{Path.GetFileName(i.Path)}|{i.ClassId}").Order(StringComparer.Ordinal));
        Assert.Empty(skipped);
    }

    [Fact]
    public async Task A_missing_or_moved_file_is_named_and_skipped()
    {
        var gone = await StoreAsync("gone.jpg");
        await ReviewAsync(gone, "red plate");
        await ReviewAsync(await StoreAsync("elsewhere", "s3://bucket/x.jpg"), "red plate");
        await ReviewAsync(await StoreAsync("there.jpg"), "red plate");
        File.Delete(Path.Combine(_folder.FullName, "gone.jpg"));

        var (images, skipped) = await ReadAsync(Always);

        Assert.Single(images);
        Assert.Equal(
            ["only file references can be read back", "the file is gone"], skipped.Select(s => s.Reason).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_window_takes_what_was_captured_in_it()
    {
        await ReviewAsync(await StoreAsync("early.jpg", at: SomeResult.Noon.AddDays(-2)), "red plate");
        await ReviewAsync(await StoreAsync("late.jpg"), "red plate");

        Assert.Equal(
            "late.jpg", Path.GetFileName(Assert.Single((await ReadAsync(new(SomeResult.Noon, SomeResult.Noon.AddDays(1)))).Images).Path));
    }

    [Fact]
    public async Task A_class_that_is_not_in_the_labels_is_one_clear_line()
    {
        await ReviewAsync(await StoreAsync("hook.jpg"), "hook");

        var error = await Assert.ThrowsAsync<PartsWorker.Trainer.UserErrorException>(() => ReadAsync(Always));

        Assert.StartsWith("review 1: its class \"hook\" is not in the labels", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_class_of_another_registered_model_comes_with_the_color_and_shape_of_the_newest_one()
    {
        await _database.ExecuteAsync($"""
            INSERT INTO models (model, name, version, bundle_sha256, registered_at)
            SELECT 'parts@' || v, 'parts', v, '{new string('0', 64)}', now() + v::int * interval '1 hour' FROM unnest(ARRAY['3', '4']) AS v;
            INSERT INTO model_classes VALUES ('parts@3', 0, 'hook', 'blue', 'bent'), ('parts@4', 0, 'red plate', 'red', 'plate')
            """);
        await ReviewAsync(await StoreAsync("hook.jpg"), "hook");
        await ReviewAsync(await StoreAsync("nothing.jpg"), null);

        var reviews = await new ReviewedImages(_database.Source, Always).ReadReviewsAsync([], default);

        var review = Assert.Single(reviews);
        Assert.Equal(("hook", "blue", "bent", SomeResult.Noon), (review.Class, review.Color, review.Shape, review.CapturedAt));
    }

    [Fact]
    public async Task A_reader_may_do_it()
    {
        await ReviewAsync(await StoreAsync("a.jpg"), "red plate");
        await using var reader = await _database.OpenAsAsync("partsworker_reader");
        var reviews = new ReviewedImages(reader, Always);

        Assert.Single(await reviews.ReadAsync(await reviews.ReadLabelsAsync(default), [], default));
    }

    private async Task<(IReadOnlyList<LabeledImage> Images, List<SkippedImage> Skipped)> ReadAsync(ReviewWindow window)
    {
        var reviews = new ReviewedImages(_database.Source, window);
        var labels = await reviews.ReadLabelsAsync(default);
        Assert.Equal(new PartClass(1, "blue plate", 0, 0), labels.Classes[1]);
        var skipped = new List<SkippedImage>();
        return (await reviews.ReadAsync(labels, skipped, default), skipped);
    }

    private async Task<Guid> StoreAsync(string name, string? uri = null, DateTimeOffset? at = null)
    {
        var file = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(file, "");
        var row = SomeResult.Row(capturedAt: at) with { Uri = uri ?? new Uri(file).AbsoluteUri };
        var writer = new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync([row], CancellationToken.None));
        return row.ImageId;
    }

    private async Task ReviewAsync(Guid image, string? className)
    {
        await using var command = _database.Source.CreateCommand("INSERT INTO reviews (image_id, class) VALUES ($1, $2)");
        command.Parameters.AddWithValue(image);
        command.Parameters.AddWithValue((object?)className ?? DBNull.Value);
        await command.ExecuteNonQueryAsync();
    }
}
