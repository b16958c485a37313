using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>The page Find in a browser.</summary>
[Collection(BoardFixture.OneAtATime)]
public sealed class FindTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    [BrowserFact]
    public async Task The_filter_is_the_url_and_a_further_page_repeats_no_image()
    {
        await board.Data.AddAsync(150);
        var page = await board.SignInAsync(board.Reader);
        await page.GotoAsync($"{board.Address}/find");
        await Assertions.Expect(page.Locator(".found .card")).ToHaveCountAsync(60);
        await BoardFixture.ScreenshotAsync(page, "find");

        await page.FillAsync("#find-attribute", "order=2");
        await page.FillAsync("#find-line", "A");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/find\?line=A&attribute=order%3D2$"));
        var first = await IdsAsync(page, 50);
        var linked = await board.SignInAsync(board.Reviewer, dark: true);
        await linked.GotoAsync(page.Url);
        Assert.Equal(first, await IdsAsync(linked, 50));
        await BoardFixture.ScreenshotAsync(linked, "find-dark");

        await page.GotoAsync($"{board.Address}/find?line=A");
        var all = await IdsAsync(page, 60);
        await page.Locator("#older").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("before="));
        await Assertions.Expect(page.Locator($".found a[href='image/{all[^1]}']")).ToHaveCountAsync(0);
        Assert.Empty(all.Intersect(await IdsAsync(page, 60)));
        await page.Context.CloseAsync();
        await linked.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task Choices_come_from_the_database_and_the_statement_can_be_copied()
    {
        var id = Assert.Single(await board.Data.AddAsync(1));
        var page = await board.SignInAsync(board.Reader);
        await page.GotoAsync($"{board.Address}/find?imageId={id}&class=O%27Ring%20%3Cimg%20src%3Dx%3E");

        await Assertions.Expect(page.Locator(".found-line")).ToContainTextAsync("No image matches this filter.");
        await Assertions.Expect(page.Locator("#choices-camera option[value='cam-1']")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#choices-model option")).ToHaveCountAsync(1);
        await page.ClickAsync("summary");
        var sql = await page.Locator(".sql pre").InnerTextAsync();
        Assert.Contains("c.class = 'O''Ring <img src=x>'", sql, StringComparison.Ordinal);
        await board.Database.ExecuteAsync(sql);
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_filter_that_cannot_be_understood_gives_one_line_and_no_images()
    {
        await board.Data.AddAsync(1);
        var page = await board.SignInAsync(board.Reader);
        await page.GotoAsync($"{board.Address}/find?from=%3Cscript%3Ealert(1)%3C/script%3E");

        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("from is \"<script>alert(1)</script>\"; it must be");
        await Assertions.Expect(page.Locator(".found .card")).ToHaveCountAsync(0);
        await page.ClickAsync(".find .go a");
        await Assertions.Expect(page.Locator(".found .card").First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private static async Task<string[]> IdsAsync(IPage page, int count)
    {
        await Assertions.Expect(page.Locator(".found .card")).ToHaveCountAsync(count);
        return [.. (await page.Locator(".found .card").EvaluateAllAsync<string[]>("cards => cards.map(card => card.getAttribute('href'))"))
            .Select(link => link["image/".Length..])];
    }
}
