using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>The page Image in a browser.</summary>
[Collection(BoardFixture.OneAtATime)]
public sealed class ImagePageTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    [BrowserFact]
    public async Task A_reviewer_gives_a_class_and_walks_to_the_neighbors_of_the_camera()
    {
        var ids = await board.Data.AddAsync(3);
        var page = await board.SignInAsync(board.Reviewer);
        await page.GotoAsync($"{board.Address}/image/{ids[1]}");
        await Assertions.Expect(page.Locator(".classification.current")).ToContainTextAsync(board.Data.Model);
        await Assertions.Expect(page.Locator("#timings tbody tr")).ToHaveCountAsync(4);
        await Assertions.Expect(page.Locator("#origin")).ToContainTextAsync("order");
        await Assertions.Expect(page.Locator("#origin")).Not.ToContainTextAsync("Quality");
        await board.Database.ExecuteAsync($"UPDATE images SET fault = 'blurred' WHERE image_id = '{ids[1]}'");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#origin")).ToContainTextAsync("blurred, so no class is accepted");

        await page.FillAsync("#review-class", "no such class");
        await page.FillAsync("#review-note", "<b>bruised</b>");
        await page.ClickAsync("#review-save");
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("unknown class \"no such class\"");
        await page.ClickAsync("#review-none");
        await Assertions.Expect(page.Locator("#reviews tbody tr")).ToHaveTextAsync(
            new Regex($"none of the known classes{board.Reviewer}.*<b>bruised</b>"));
        await BoardFixture.ScreenshotAsync(page, "image");

        await page.ClickAsync("#earlier");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/image/{ids[2]}$"));
        await Assertions.Expect(page.Locator("#origin")).ToContainTextAsync(ids[2].ToString());
        await page.ClickAsync("#later");
        await Assertions.Expect(page.Locator("#origin")).ToContainTextAsync(ids[1].ToString());
        await Assertions.Expect(page.Locator("#reviews tbody tr")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_review_that_came_between_is_shown_before_it_is_overridden()
    {
        var id = Assert.Single(await board.Data.AddAsync(1));
        var page = await board.SignInAsync(board.Reviewer);
        await page.GotoAsync($"{board.Address}/image/{id}");
        await Assertions.Expect(page.Locator("#review-none")).ToBeEnabledAsync();
        await board.Database.ExecuteAsync($"INSERT INTO reviews (image_id, class) SELECT '{id}', min(class) FROM model_classes");

        await page.ClickAsync("#review-none");
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("has reviewed this image meanwhile");
        await Assertions.Expect(page.Locator("#reviews tbody tr")).ToHaveCountAsync(1);
        await page.ClickAsync("#review-none");

        await Assertions.Expect(page.Locator("#reviews tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#reviews tbody tr").First).ToContainTextAsync(board.Reviewer);
        await Assertions.Expect(page.Locator(".problem")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_reader_sees_everything_and_no_form()
    {
        var id = Assert.Single(await board.Data.AddAsync(1, uri: "https://user:secret@cameras.example/a.jpg?signature=secret"));
        var page = await board.SignInAsync(board.Reader, dark: true);
        await page.GotoAsync($"{board.Address}/image/{id}");

        await Assertions.Expect(page.Locator("#origin")).ToContainTextAsync("https://***@cameras.example/a.jpg");
        Assert.DoesNotContain("secret", await page.ContentAsync(), StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#review-class")).ToHaveCountAsync(0);
        await BoardFixture.ScreenshotAsync(page, "image-dark");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task An_id_without_a_row_and_a_wrong_id_give_one_line_each()
    {
        var id = Guid.NewGuid();
        var page = await board.SignInAsync(board.Reader);
        await page.GotoAsync($"{board.Address}/image/{id}");
        await Assertions.Expect(page.Locator("#missing")).ToContainTextAsync("no image with this id");
        await Assertions.Expect(page.Locator("#missing a")).ToHaveAttributeAsync("href", $"dead-letters?image={id}");

        await page.GotoAsync($"{board.Address}/image/%3Cb%3E1");
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("This is not an image id");
        await page.Context.CloseAsync();
    }
}
