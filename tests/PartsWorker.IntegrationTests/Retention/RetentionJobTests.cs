using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;
using PartsWorker.Retention;

namespace PartsWorker.IntegrationTests.Retention;

public sealed class RetentionJobTests : IAsyncLifetime
{
    private static readonly DateTimeOffset March = new(2025, 3, 31, 23, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        var writer = new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        var moments = new[] { March.AddMonths(-2), March, March.AddHours(1), new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        Assert.Empty(await writer.WriteAsync([.. moments.Select(moment => SomeResult.Row(capturedAt: moment))], CancellationToken.None));
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Months_that_end_before_the_cut_are_dropped_and_no_other()
    {
        var forgotten = await RunAsync(March.AddHours(1), dryRun: false);

        Assert.Equal(["classifications_y2025m01", "classifications_y2025m03", "images_y2025m01", "images_y2025m03"], forgotten);
        Assert.Equal(["classifications_default|1", "classifications_y2025m04|1"], await PlacesAsync());
        Assert.Equal(["1970-01-01", "2025-04-01"], await TimesAsync());
    }

    [Fact]
    public async Task A_month_that_the_cut_falls_into_stays()
    {
        Assert.Equal(["classifications_y2025m01", "images_y2025m01"], await RunAsync(March.AddMinutes(59), dryRun: false));
    }

    [Fact]
    public async Task A_dry_run_drops_nothing()
    {
        Assert.Equal(4, (await RunAsync(March.AddHours(1), dryRun: true)).Count);

        Assert.Equal(4, (await PlacesAsync()).Count);
    }

    [Fact]
    public async Task A_row_with_a_wrong_clock_is_as_old_as_its_writing()
    {
        var today = new DateTimeOffset(await _database.ScalarAsync<DateTime>("SELECT date_trunc('day', now(), 'UTC')"));
        Assert.DoesNotContain("classifications_default", await RunAsync(today, dryRun: true));

        await _database.ExecuteAsync("UPDATE classifications_default SET classified_at = now() - interval '500 days'");

        Assert.Contains("classifications_default", await RunAsync(today.AddDays(-400), dryRun: false));
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications_default"));
    }

    [Fact]
    public async Task A_new_classification_of_an_old_image_with_a_wrong_clock_goes_with_the_image()
    {
        var today = new DateTimeOffset(await _database.ScalarAsync<DateTime>("SELECT date_trunc('day', now(), 'UTC')"));
        await _database.ExecuteAsync("UPDATE images_default SET stored_at = now() - interval '500 days'");

        Assert.Contains("classifications_default", await RunAsync(today.AddDays(-400), dryRun: true));
        await RunAsync(today.AddDays(-400), dryRun: false);

        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications_default"));
    }

    [Fact]
    public async Task The_time_of_an_image_is_forgotten_with_the_image()
    {
        var today = new DateTimeOffset(await _database.ScalarAsync<DateTime>("SELECT date_trunc('day', now(), 'UTC')"));
        await RunAsync(today.AddDays(-400), dryRun: false);
        Assert.Equal(["1970-01-01"], await TimesAsync());

        await _database.ExecuteAsync("UPDATE images_default SET stored_at = now() - interval '500 days'");
        await RunAsync(today.AddDays(-400), dryRun: false);

        Assert.Empty(await TimesAsync());
    }

    [Fact]
    public async Task Dropping_today_is_refused()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(DateTimeOffset.MaxValue.AddYears(-1), dryRun: false));

        Assert.StartsWith("retention would drop today", refused.MessageText, StringComparison.Ordinal);
    }

    private Task<List<string>> TimesAsync() =>
        _database.LinesAsync("SELECT (captured_at AT TIME ZONE 'UTC')::date::text FROM image_times ORDER BY captured_at");

    private async Task<List<string>> RunAsync(DateTimeOffset cut, bool dryRun) =>
        [.. (await new RetentionJob(_database.Source).RunAsync(cut, dryRun, CancellationToken.None)).Select(partition => partition.Name)];

    private Task<List<string>> PlacesAsync() =>
        _database.LinesAsync("SELECT tableoid::regclass::text, count(*) FROM classifications GROUP BY 1 ORDER BY 1");
}
