using Microsoft.Playwright;
using Npgsql;
using PartsWorker.Harness.Network;

namespace PartsWorker.IntegrationTests.Board;

[Collection(BoardFixture.OneAtATime)]
public sealed class LiveTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    [BrowserFact]
    public async Task New_images_appear_without_a_reload()
    {
        await board.Data.ClearAsync();
        await board.RestartAsync();
        var page = await board.SignInAsync(board.Reader);
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No image was stored");
        await BoardFixture.ScreenshotAsync(page, "live-empty");

        var ids = await board.Data.AddAsync(12);

        await Assertions.Expect(page.Locator($"a[href='image/{ids[0]}']")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".cards").First).ToContainTextAsync("A / cam-1");
        // A second model that was activated on the way has answered too; the page shows each image once.
        await board.Database.ExecuteAsync(SecondAnswers);
        var newer = await board.Data.AddAsync(1);
        await Assertions.Expect(page.Locator($"a[href='image/{newer[0]}']")).ToBeVisibleAsync();
        await BoardFixture.ScreenshotAsync(page, "live");
        await page.Context.CloseAsync();
        var dark = await board.SignInAsync(board.Reader, dark: true);
        await Assertions.Expect(dark.Locator(".card img").First).ToBeVisibleAsync();
        await BoardFixture.ScreenshotAsync(dark, "live-dark");
        await dark.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task More_people_cost_the_database_no_more_statements()
    {
        await board.RestartAsync(("Board__LiveInterval", "00:00:01"));
        await board.Data.AddAsync(5);
        var pages = new List<IPage> { await board.SignInAsync(board.Reader) };
        await Assertions.Expect(pages[0].Locator(".figures")).ToBeVisibleAsync();
        var alone = await StatementsAsync(TimeSpan.FromSeconds(4));
        for (var people = 1; people < 4; people++)
        {
            pages.Add(await board.SignInAsync(board.Reader));
            await Assertions.Expect(pages[people].Locator(".figures")).ToBeVisibleAsync();
        }

        // Signing in and thumbnails are asked for once; only what goes on counts here.
        await Task.Delay(TimeSpan.FromSeconds(2));
        var together = await StatementsAsync(TimeSpan.FromSeconds(4));

        Assert.InRange(alone, 5, 100);
        Assert.InRange(together, 0, alone * 1.5);
        await Task.WhenAll(pages.Select(page => page.Context.CloseAsync()));
        await board.RestartAsync();
    }

    [BrowserFact]
    public async Task Skipping_to_the_content_moves_the_focus_there_and_draws_no_ring()
    {
        var page = await board.SignInAsync(board.Reader);
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();

        await page.FocusAsync(".skip");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#content")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("#content")).ToHaveCSSAsync("outline-style", "none");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task An_image_that_is_gone_is_shown_with_its_reason()
    {
        var gone = Assert.Single(await board.Data.AddAsync(1, uri: "file:///nowhere/gone.jpg"));
        var page = await board.SignInAsync(board.Reader);

        var answer = await page.Context.APIRequest.GetAsync($"{board.Address}/images/{gone}/thumb");

        Assert.Equal("image/svg+xml", answer.Headers["content-type"]);
        Assert.Contains("No image", await answer.TextAsync(), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_database_that_is_away_is_named_and_the_page_comes_back_by_itself()
    {
        var server = new NpgsqlConnectionStringBuilder(board.Database.ConnectionString);
        await using var proxy = new Harness.Network.Proxy(server.Port);
        server.Port = proxy.Port;
        await board.RestartAsync(("ConnectionStrings__Postgres", server.ConnectionString));
        var page = await board.SignInAsync(board.Reader);
        await Assertions.Expect(page.Locator(".figures")).ToBeVisibleAsync();

        proxy.TakeAway();
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("The database cannot be reached");
        proxy.Mode = ProxyMode.Forward;

        await Assertions.Expect(page.Locator(".problem")).ToBeHiddenAsync();
        await page.Context.CloseAsync();
        await board.RestartAsync();
    }

    private const string SecondAnswers = """
        INSERT INTO classifications (
            image_id, captured_at, model, line, camera, lane, shadow, decision, class_id, class, confidence, color, color_confidence, shape,
            shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5, attempts, worker, received_at)
        SELECT image_id, captured_at, 'other@1', line, camera, lane, shadow, decision, class_id, class, confidence, color, color_confidence,
            shape, shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5, attempts, worker, received_at
        FROM classifications
        """;

    // PostgreSQL publishes its counters with a delay of about a second.
    private async Task<double> StatementsAsync(TimeSpan span)
    {
        const string Count = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
        var before = await board.Database.ScalarAsync<long>(Count);
        await Task.Delay(span);
        return await board.Database.ScalarAsync<long>(Count) - before;
    }
}
