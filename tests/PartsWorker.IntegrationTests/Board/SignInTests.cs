using System.Net;
using Microsoft.Playwright;

namespace PartsWorker.IntegrationTests.Board;

[Collection(BoardFixture.OneAtATime)]
public sealed class SignInTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    [BrowserFact]
    public async Task Each_role_signs_in_with_its_database_login_and_sees_the_live_page()
    {
        await board.Data.AddAsync(30);
        foreach (var login in new[] { board.Reader, board.Reviewer, board.Operator })
        {
            var page = await board.SignInAsync(login);

            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Live");
            await Assertions.Expect(page.Locator(".login")).ToHaveTextAsync(login);
            await Assertions.Expect(page.Locator(".card img").First).ToBeVisibleAsync();
            await page.Context.CloseAsync();
        }
    }

    [BrowserFact]
    public async Task Wrong_passwords_and_logins_without_a_role_are_refused_with_one_line()
    {
        var page = await board.OpenAsync();
        await TryAsync(page, board.Reader, "wrong");
        await Assertions.Expect(page.Locator("[role=alert]")).ToHaveTextAsync("Login or password is wrong.");

        await TryAsync(page, board.Stranger, BoardFixture.Password);
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("may not use the board");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task Signing_out_ends_the_session_for_every_tab_and_for_a_stolen_cookie()
    {
        var page = await board.SignInAsync(board.Reader);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Live");
        var cookie = (await page.Context.CookiesAsync()).Single(cookie => cookie.Name == "partsworker-board");
        await page.ClickAsync("#sign-out");
        await Assertions.Expect(page.Locator("#login")).ToBeVisibleAsync();

        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{board.Address}/");
        request.Headers.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task The_first_page_after_signing_in_is_the_one_that_was_asked_for()
    {
        var page = await board.OpenAsync();
        await page.GotoAsync($"{board.Address}/?from=mail");
        await page.FillAsync("#login", board.Reader);
        await page.FillAsync("#password", BoardFixture.Password);
        await page.ClickAsync("button[type=submit]");

        await Assertions.Expect(page).ToHaveURLAsync($"{board.Address}/?from=mail");
        await page.Context.CloseAsync();
    }

    private async Task TryAsync(IPage page, string login, string password)
    {
        await page.GotoAsync($"{board.Address}/sign-in");
        await page.FillAsync("#login", login);
        await page.FillAsync("#password", password);
        await page.ClickAsync("button[type=submit]");
    }
}
