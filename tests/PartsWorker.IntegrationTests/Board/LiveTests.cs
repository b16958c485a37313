using Microsoft.Playwright;
using Npgsql;
using PartsWorker.Harness.Network;

namespace PartsWorker.IntegrationTests.Board;

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
        await BoardFixture.ScreenshotAsync(page, "live");
        await page.Context.CloseAsync();
        var dark = await board.SignInAsync(board.Reader, dark: true);
        await Assertions.Expect(dark.Locator(".card img").First).ToBeVisibleAsync();
        await BoardFixture.ScreenshotAsync(dark, "live-dark");
        await dark.Context.CloseAsync();
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
}
