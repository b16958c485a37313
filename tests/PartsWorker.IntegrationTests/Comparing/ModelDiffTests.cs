using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Comparing;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Comparing;

public sealed class ModelDiffTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Agreement_changes_and_reviews_are_counted_over_images_that_both_models_have_classified()
    {
        var images = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        await WriteAsync([.. images.Select(image => SomeResult.Row(image, model: "parts@1"))]);
        await WriteAsync(
            SomeResult.Row(images[0], model: "parts@2"),
            SomeResult.Row(images[1], model: "parts@2", className: "blue plate") with { Shadow = true, Confidence = 0.99f },
            SomeResult.Row(images[2], model: "parts@2", className: "blue plate"),
            SomeResult.Unknown(images[3]) with { ModelKey = "parts@2" });
        await _database.ExecuteAsync($"""
            INSERT INTO models (model, name, version, bundle_sha256) VALUES ('parts@1', 'parts', '1', '{new string('0', 64)}');
            INSERT INTO model_classes VALUES ('parts@1', 7, 'red plate', 'red', 'plate'), ('parts@1', 8, 'blue plate', 'blue', 'plate');
            INSERT INTO reviews (image_id, class) VALUES ('{images[1]}', 'red plate');
            INSERT INTO reviews (image_id, class) VALUES ('{images[1]}', 'blue plate');
            INSERT INTO reviews (image_id, class) VALUES ('{images[0]}', 'red plate')
            """);

        var diff = await ReadAsync(SomeResult.Noon.AddHours(1));

        Assert.Equal((4, 1, 0, 1), (diff.Totals.Images, diff.Totals.Agreeing, diff.Totals.UnknownA, diff.Totals.UnknownB));
        Assert.Equal((2, 1, 2), (diff.Totals.Reviewed, diff.Totals.RightA, diff.Totals.RightB));
        Assert.Equal(
            [("red plate", "blue plate", 2L), ("red plate", null, 1L)],
            diff.Changes.Select(change => (change.From!, change.To, change.Images)));
        Assert.Equal([images[1], images[2], images[3]], diff.Examples.Select(example => example.ImageId));
    }

    [Fact]
    public async Task A_window_that_holds_nothing_gives_an_empty_diff()
    {
        Assert.Equal(0, (await ReadAsync(SomeResult.Noon)).Totals.Images);
    }

    [Fact]
    public async Task The_page_holds_images_and_lets_no_name_become_markup()
    {
        var diff = new ModelDiff("a@1", "b@1", SomeResult.Noon, SomeResult.Noon.AddDays(1), new DiffTotals(2, 1, 0, 0, 0.5, 0.6, 0, 0, 0),
            [new ClassChange("<script>", null, 1, 0.5, 0.6)], [new DiffExample(Guid.NewGuid(), "file:///x.jpg", "<b>", 0.5, null, 0.6)]);

        var page = await ModelDiffPage.WriteAsync(diff, _ => Task.FromResult<(string?, string?)>(("data:image/png;base64,AAAA", null)));

        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("<img src=\"data:image/png;base64,AAAA\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    private Task<ModelDiff> ReadAsync(DateTimeOffset to) =>
        new ModelDiffReader(_database.Source).ReadAsync("parts@1", "parts@2", SomeResult.Noon, to, examples: 10, CancellationToken.None);

    private async Task WriteAsync(params ResultRow[] rows)
    {
        var writer = new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync(rows, CancellationToken.None));
    }
}
