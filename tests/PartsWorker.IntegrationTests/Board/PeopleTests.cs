using System.Globalization;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>What people who look at the page Live cost the database. Takes a minute: only where PARTS_BOARD_PEOPLE is set.</summary>
[Collection(BoardFixture.OneAtATime)]
public sealed class PeopleTests(BoardFixture board, ITestOutputHelper output) : IClassFixture<BoardFixture>
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(20);

    [PeopleFact]
    public async Task Many_people_cost_the_database_hardly_more_than_one()
    {
        await board.Data.FillAsync(100_000);

        // Otherwise autovacuum reads the new rows while one person looks.
        await board.Database.ExecuteAsync("VACUUM ANALYZE");
        var pages = new List<IPage>();
        await WatchAsync(pages, 1);
        var alone = await MeasureAsync(1);
        await WatchAsync(pages, PeopleFactAttribute.People!.Value);
        var together = await MeasureAsync(pages.Count);

        // The time depends on what else the machine does; the statements do not. One more may fall into the span.
        Assert.InRange(together.Statements, 1, (alone.Statements * 1.05) + 2);
        await Task.WhenAll(pages.Select(page => page.Context.CloseAsync()));
    }

    private async Task WatchAsync(List<IPage> pages, int people)
    {
        while (pages.Count < people)
        {
            var page = await board.SignInAsync(board.Reader);
            await Assertions.Expect(page.Locator(".figures")).ToBeVisibleAsync();
            pages.Add(page);
        }

        // Signing in and thumbnails are asked for once; only what repeats counts here.
        await Task.Delay(TimeSpan.FromSeconds(10));
    }

    private async Task<Cost> MeasureAsync(int people)
    {
        var before = await CostAsync();
        await Task.Delay(Span);
        var after = await CostAsync();
        var cost = new Cost(
            after.Statements - before.Statements, after.ActiveMs - before.ActiveMs, after.Rows - before.Rows, after.Blocks - before.Blocks);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{people} people: {cost.Statements} transactions, {cost.ActiveMs} ms, {cost.Rows} rows, {cost.Blocks} blocks"));
        return cost;
    }

    private async Task<Cost> CostAsync()
    {
        // Counters arrive with a delay of about a second.
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var line = (await board.Database.LinesAsync("""
            SELECT xact_commit, active_time::bigint, tup_returned, blks_hit + blks_read
            FROM pg_stat_database WHERE datname = current_database()
            """)).Single().Split('|').Select(long.Parse).ToArray();
        return new(line[0], line[1], line[2], line[3]);
    }

    private sealed record Cost(long Statements, long ActiveMs, long Rows, long Blocks);
}

/// <summary>Runs only where PARTS_BOARD_PEOPLE says how many people look; otherwise it is skipped with a reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeopleFactAttribute : FactAttribute
{
    public PeopleFactAttribute()
    {
        if (People is null || BrowserFactAttribute.Chromium is null)
        {
            Skip = "PARTS_BOARD_PEOPLE=20, with Chromium, compares what 20 people and one cost the database; it takes a minute";
        }
    }

    public static int? People { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("PARTS_BOARD_PEOPLE"), out var people) ? people : null;
}
