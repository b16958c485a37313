using Microsoft.Playwright;
using PartsWorker.IntegrationTests.Publishing;
using static Microsoft.Playwright.Assertions;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>
/// Every page on a shop-floor screen, light and dark, with nothing, with one image and with 100,000: what a person sees first is there,
/// without an error and without a horizontal scroll bar. The pictures are beside the results of the tests, in <c>board/</c>.
/// </summary>
[Collection(BoardFixture.OneAtATime)]
public sealed class ScreenTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    private const string Alerts = ".problem:visible, [role=alert]:visible, #blazor-error-ui:visible";
    private readonly List<string> _errors = [];

    [BrowserFact]
    public async Task Every_page_is_whole_with_nothing_with_one_image_and_with_many_in_light_and_dark()
    {
        await using var broker = await Broker.ConnectAsync();
        await board.RestartAsync(("Rabbit__Prefix", broker.Topology.Exchange), ("Board__LiveInterval", "00:00:01"));
        await board.Data.ClearAsync();
        await board.Data.ForgetModelsAsync();
        await TakeAsync("empty",
            ("live", "", "main .empty"), ("review", "review", ".review-single .empty"),
            ("review-grid", "review?mode=grid", ".review-grid .empty"),
            ("find", "find", ".found-line:has-text('No image')"), ("image", $"image/{Guid.NewGuid()}", "#missing"),
            ("quality", "quality", "main .empty"), ("models", "models", "main .empty"), ("reprocessing", "reprocessing", "main .empty"),
            ("dead-letters", "dead-letters", "main .empty"), ("try", "try", "#folder"));

        await board.Data.RegisterAsync(withShadow: false);
        var one = Assert.Single(await board.Data.AddAsync(1, doubt: true));
        await BuriedLetters.AddAsync(broker, 1);
        await TakeAsync("one",
            ("live", "", ".card img"), ("review", "review", ".review-item.current"), ("review-grid", "review?mode=grid", ".tile"),
            ("find", "find", ".found a"), ("image", $"image/{one}", "#timings tbody tr"), ("quality", "quality", "h2:has-text('Days')"),
            ("models", "models", "#versions tr.current"), ("dead-letters", "dead-letters", "#letters tbody tr"), ("try", "try", "#folder"));

        await board.Data.FillAsync(100_000);
        await board.Data.RegisterAsync(withShadow: true);
        await board.Database.ExecuteAsync(SomeRuns);
        await BuriedLetters.AddAsync(broker, 250);
        var doubtful = await board.Database.ScalarAsync<Guid>("SELECT image_id FROM needs_review WHERE reason = 'unknown' LIMIT 1");
        var diff = $"models/diff?a={board.Data.Model}&b={BoardData.Shadow}";
        await TakeAsync("full",
            ("live", "", ".card:nth-child(12) img"), ("review", "review", ".review-item.current"),
            ("review-grid", "review?mode=grid", ".tile"), ("find", "find", ".found a:nth-child(40)"),
            ("image", $"image/{doubtful}", "#timings tbody tr"), ("quality", "quality", "h2:has-text('Days')"),
            ("quality-images", "quality/images?answered=&reviewed=", "main .empty, .card"), ("models", "models", "#versions tr.current"),
            ("diff", diff, "#changes tbody tr"), ("reprocessing", "reprocessing", "#runs tbody tr"),
            ("dead-letters", "dead-letters", "#letters tbody tr"), ("try", "try", "#folder"));

        Assert.Empty(_errors);
    }

    private const string SomeRuns = """
        INSERT INTO reprocess_runs (model, from_at, to_at, filter, status, selected, published, judged)
        SELECT s.model, now() - interval '14 days', now(), '{}', CASE WHEN n = 5 THEN 'publishing' ELSE 'done' END, 20000, 20000, 4000 * n
        FROM serving AS s, generate_series(5, 1, -1) AS n
        """;

    private async Task TakeAsync(string state, params (string Name, string Path, string Element)[] screens)
    {
        var page = await board.OpenAsync();
        page.Console += (_, message) => Note(message.Type == "error", $"{state}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"{state}: {error}");
        await ShowAsync(page, state, "sign-in", "sign-in", "#login");
        await board.SignInAsync(page, board.Operator);
        foreach (var (name, path, element) in screens)
        {
            await ShowAsync(page, state, name, path, element);
        }

        await page.Context.CloseAsync();
    }

    private async Task ShowAsync(IPage page, string state, string name, string path, string element)
    {
        await page.GotoAsync($"{board.Address}/{path}");
        try
        {
            await Expect(page.Locator(element).First).ToBeVisibleAsync();
            await Expect(page.Locator(".mud-progress-linear")).ToHaveCountAsync(0);
            await ImagesAsync(page);
        }
        catch (PlaywrightException error)
        {
            Note(true, $"{state} {name}: {error.Message}");
        }

        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Note(width > 1366, $"{state} {name}: {width} pixels wide");
        foreach (var alert in await page.Locator(Alerts).AllTextContentsAsync())
        {
            Note(true, $"{state} {name}: {alert}");
        }

        await ScreenshotAsync(page, $"{name}-{state}");
        await SwitchThemeAsync(page);
        await ScreenshotAsync(page, $"{name}-{state}");
    }

    // The page's own security policy forbids Playwright to wait for a function.
    private static async Task ImagesAsync(IPage page)
    {
        const string Pending =
            "[...document.images].filter(i => !i.complete && (i.loading !== 'lazy' || i.getBoundingClientRect().top < innerHeight)).length";
        for (var attempt = 0; attempt < 200 && await page.EvaluateAsync<int>(Pending) > 0; attempt++)
        {
            await Task.Delay(50);
        }
    }

    private static async Task ScreenshotAsync(IPage page, string name) => await BoardFixture.ScreenshotAsync(
        page, name + (await page.EvaluateAsync<bool>("board.isDark()") ? "-dark" : ""));

    // The next page then starts with the other theme, and switches back.
    private static async Task SwitchThemeAsync(IPage page)
    {
        var button = page.Locator(".bar button[title='Light or dark']");
        if (await button.CountAsync() == 0)
        {
            await page.EvaluateAsync("board.switchTheme()");
            return;
        }

        var other = await button.TextContentAsync() == "Dark" ? "Light" : "Dark";
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync(other);
    }

    private void Note(bool isError, string text)
    {
        if (isError)
        {
            _errors.Add(text);
        }
    }
}
