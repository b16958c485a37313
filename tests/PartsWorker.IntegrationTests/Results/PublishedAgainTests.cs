using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Results;

/// <summary>
/// A file that was touched, copied or restored is published again with another capture time: it is the same image and stays one row.
/// </summary>
public sealed class PublishedAgainTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(-40 * 24)]
    public async Task An_image_keeps_its_first_capture_time(int hours)
    {
        var row = SomeResult.Row();
        await WriteAsync(row);

        await WriteAsync(Again(row, hours));

        Assert.Equal(["2026-11-20 12:00:00"], await ImagesAsync());
        Assert.Equal(["parts@1|2026-11-20 12:00:00"], await ClassificationsAsync());
    }

    [Fact]
    public async Task Another_model_classifies_it_under_its_first_capture_time()
    {
        var row = SomeResult.Row();
        await WriteAsync(row);

        await WriteAsync(Again(row, 1) with { ModelKey = "parts@2" }, Again(row, 1) with { ModelKey = "parts@3", Shadow = true });

        Assert.Equal(["2026-11-20 12:00:00"], await ImagesAsync());
        Assert.Equal(
            ["parts@1|2026-11-20 12:00:00", "parts@2|2026-11-20 12:00:00", "parts@3|2026-11-20 12:00:00"], await ClassificationsAsync());
    }

    [Fact]
    public async Task Twice_in_one_batch_it_is_one_row_with_the_earlier_time()
    {
        var row = SomeResult.Row();

        Assert.Empty(await WriteAsync(Again(row, 1), SomeResult.Row(), row, Again(row, 2) with { Shadow = true }));

        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT count(*) FROM images"));
        Assert.Equal(["parts@1|2026-11-20 12:00:00", "parts@1|2026-11-20 12:00:00"], await ClassificationsAsync());
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications WHERE shadow"));
    }

    [Fact]
    public async Task Workers_that_receive_it_with_different_times_at_the_same_moment_store_one_row()
    {
        var rows = Enumerable.Range(0, 100).Select(_ => SomeResult.Row()).ToArray();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async worker =>
        {
            var shuffled = rows.Select(row => Again(row, worker)).ToArray();
            new Random(worker).Shuffle(shuffled);
            return await WriteAsync(shuffled);
        }));

        Assert.All(outcomes, Assert.Empty);
        Assert.Equal(100, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications"));
        Assert.Equal(100, await _database.ScalarAsync<long>("SELECT count(*) FROM images JOIN image_times USING (image_id, captured_at)"));
    }

    [Fact]
    public async Task Rows_that_an_earlier_version_stored_twice_are_both_classified_by_a_new_model()
    {
        var row = SomeResult.Row();
        await WriteAsync(row);
        await _database.ExecuteAsync("""
            INSERT INTO images (image_id, captured_at, line, camera, uri, width, height)
            SELECT image_id, captured_at + interval '1 hour', line, camera, uri, width, height FROM images
            """);

        await WriteAsync([.. new[] { row, Again(row, 1) }.Select(some => some with { ModelKey = "parts@2", Lane = "reprocess" })]);

        Assert.Equal(
            ["parts@1|2026-11-20 12:00:00", "parts@2|2026-11-20 12:00:00", "parts@2|2026-11-20 13:00:00"], await ClassificationsAsync());
    }

    [Fact]
    public async Task Its_event_holds_what_SQL_holds()
    {
        var row = SomeResult.Row();
        await WriteAsync(row);
        var published = SomeResult.Noon.AddHours(2);
        var again = Again(row, 1) with { ClassName = "blue plate", PublishedAt = published };
        await WriteAsync(again);

        var stored = new StoredResults(_database.Source, new ResultsOptions(), TimeProvider.System);
        var result = Assert.Single(await stored.FindAsync([again], CancellationToken.None));

        Assert.Equal((row.CapturedAt, "red plate", published), (result.CapturedAt, result.Class, result.PublishedAt));
    }

    [Fact]
    public async Task It_is_stored_although_its_second_message_failed()
    {
        var row = SomeResult.Row();
        await WriteAsync(row);
        await _database.ExecuteAsync($"""
            INSERT INTO failures (failure_id, image_id, captured_at, lane, status, reason, attempts)
            VALUES ('{Guid.NewGuid()}', '{row.ImageId}', '{row.CapturedAt.AddHours(1):O}', 'live', 'retried', 'missing-image', 1)
            """);

        Assert.Equal(["stored"], await _database.LinesAsync("SELECT status FROM image_status"));
    }

    private static ResultRow Again(ResultRow row, int hours) => row with { CapturedAt = row.CapturedAt.AddHours(hours) };

    private Task<List<string>> ImagesAsync() =>
        _database.LinesAsync("SELECT (captured_at AT TIME ZONE 'UTC')::text FROM images ORDER BY captured_at");

    private Task<List<string>> ClassificationsAsync() => _database.LinesAsync(
        "SELECT model, (captured_at AT TIME ZONE 'UTC')::text FROM classifications ORDER BY model, captured_at");

    private Task<IReadOnlyList<RowFailure>> WriteAsync(params ResultRow[] rows) =>
        new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance)
            .WriteAsync(rows, CancellationToken.None);
}
