using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Database;

public sealed class PartitionTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task This_month_and_three_more_exist_after_migrating()
    {
        Assert.Equal(4, await _database.ScalarAsync<long>("""
            SELECT count(*) FROM generate_series(0, 3) AS ahead
            WHERE to_regclass('classifications_'
                || to_char((now() AT TIME ZONE 'UTC') + make_interval(months => ahead), '"y"YYYY"m"MM')) IS NOT NULL
            """));
    }

    [Fact]
    public async Task The_last_and_the_first_microsecond_of_a_month_lie_in_different_partitions()
    {
        var first = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

        await WriteAsync(first.AddTicks(-10), first);

        Assert.Equal(["classifications_y2026m09", "classifications_y2026m10"], await PlacesAsync("classifications"));
        Assert.Equal(["images_y2026m09", "images_y2026m10"], await PlacesAsync("images"));
    }

    [Fact]
    public async Task A_month_is_a_month_of_UTC_whatever_the_session_thinks()
    {
        await using var tokyo = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Timezone = "Asia/Tokyo" }.ConnectionString);
        await TestDatabase.ExecuteAsync(tokyo, "SELECT ensure_partitions('2025-03-31T23:30:00Z')");

        await WriteAsync(new DateTimeOffset(2025, 3, 31, 23, 30, 0, TimeSpan.Zero));

        Assert.Equal(["classifications_y2025m03"], await PlacesAsync("classifications"));
    }

    [Theory]
    [InlineData(1970)]
    [InlineData(2090)]
    public async Task A_camera_with_a_wrong_clock_loses_no_part_and_makes_no_table(int year)
    {
        var before = await CountTablesAsync();

        await WriteAsync(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(["classifications_default"], await PlacesAsync("classifications"));
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM latest_classification"));
        Assert.Equal(
            year == 1970 ? "before 2000" : "in the future", await _database.ScalarAsync<string>("SELECT problem FROM doubtful_times"));
        Assert.Equal(before, await CountTablesAsync());
    }

    [Fact]
    public async Task Rows_that_waited_in_the_default_partition_move_into_their_month_when_it_is_made()
    {
        await _database.ExecuteAsync(InsertByHand(new DateTimeOffset(2016, 12, 24, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(["classifications_default"], await PlacesAsync("classifications"));

        await _database.ExecuteAsync("SELECT create_month('classifications', '2016-12-01Z')");

        Assert.Equal(["classifications_y2016m12"], await PlacesAsync("classifications"));
    }

    [Fact]
    public async Task Workers_that_need_a_new_month_at_the_same_moment_all_succeed()
    {
        var moment = new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WriteAsync(moment, moment.AddMonths(1), moment.AddMonths(2))));

        Assert.Equal(24, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications"));
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications_default"));
    }

    private static string InsertByHand(DateTimeOffset at) => $$"""
        INSERT INTO classifications (image_id, captured_at, model, line, camera, lane, shadow, decision, confidence, color,
            color_confidence, shape,
            shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5, attempts, worker, received_at)
        VALUES (
            gen_random_uuid(), '{{at:O}}', 'm@1', 'A', 'c', 'live', false, 'unknown', 0, 'red', 0, 'plate', 0, 0, 'a', 'a',
            'both', '[]', 1, 'w', now())
        """;

    private async Task WriteAsync(params DateTimeOffset[] moments)
    {
        var writer = new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync([.. moments.Select(moment => SomeResult.Row(capturedAt: moment))], CancellationToken.None));
    }

    private Task<List<string>> PlacesAsync(string table) =>
        _database.LinesAsync($"SELECT DISTINCT tableoid::regclass::text FROM {table} ORDER BY 1");

    private Task<long> CountTablesAsync() => _database.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
}
