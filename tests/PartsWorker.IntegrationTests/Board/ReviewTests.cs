using Microsoft.Playwright;
using PartsWorker.Board.Review;
using static Microsoft.Playwright.Assertions;

namespace PartsWorker.IntegrationTests.Board;

[Collection(BoardFixture.OneAtATime)]
public sealed class ReviewTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    private const string Current = ".review-item.current";

    [BrowserFact]
    public async Task A_reviewer_decides_with_one_key_per_image_under_the_own_login()
    {
        await ClearAsync();
        var ids = await board.Data.AddAsync(6, doubt: true);
        var page = await OpenAsync(board.Reviewer, "review", "none of them");
        await BoardFixture.ScreenshotAsync(page, "review");
        var second = await page.Locator($"{Current} .name").Nth(1).TextContentAsync();

        await PressAsync(page, "2", ids[1]);
        await PressAsync(page, "n", ids[2]);
        await PressAsync(page, "s", ids[3]);

        await Expect(page.Locator(".review-pace")).ToContainTextAsync("2 done");
        await ReviewsBecomeAsync($"{ids[0]}|{second}|{board.Reviewer}", $"{ids[1]}|NULL|{board.Reviewer}");

        await PressAsync(page, "u", ids[2]);
        await PressAsync(page, "u", ids[1]);
        await ReviewsBecomeAsync($"{ids[0]}|{second}|{board.Reviewer}");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task Typing_finds_any_class_and_its_letters_are_no_commands()
    {
        await ClearAsync();
        var ids = await board.Data.AddAsync(2, doubt: true);
        var name = (await board.Database.LinesAsync("SELECT min(class) FROM model_classes WHERE class ILIKE '_n%'"))[0];
        var page = await OpenAsync(board.Reviewer, "review", "none of them");

        await page.Keyboard.TypeAsync(name);
        await Expect(page.Locator(".class-search li").First).ToHaveTextAsync(name);
        await PressAsync(page, "Enter", ids[1]);

        await Expect(page.Locator(".review-pace")).ToContainTextAsync("1 done");
        await ReviewsBecomeAsync($"{ids[0]}|{name}|{board.Reviewer}");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_review_that_cannot_be_written_brings_its_image_back()
    {
        await ClearAsync();
        var ids = await board.Data.AddAsync(3, doubt: true);
        var page = await OpenAsync(board.Reviewer, "review", "none of them");
        var first = await page.Locator($"{Current} .name").First.TextContentAsync();
        await board.Database.ExecuteAsync("REVOKE INSERT (image_id, captured_at, class, note) ON reviews FROM partsworker_reviewer");
        try
        {
            await page.Keyboard.PressAsync("1");

            await Expect(page.Locator("[role=alert]")).ToContainTextAsync("The review was not written, decide again.");
            await Expect(page.Locator(Current).First).ToHaveAttributeAsync("data-id", $"{ids[0]}");
        }
        finally
        {
            await board.Database.ExecuteAsync("GRANT INSERT (image_id, captured_at, class, note) ON reviews TO partsworker_reviewer");
        }

        await PressAsync(page, "1", ids[1]);
        await ReviewsBecomeAsync($"{ids[0]}|{first}|{board.Reviewer}");
        await Expect(page.Locator(".review-pace")).ToContainTextAsync("1 done");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task Two_hundred_images_get_one_class_in_the_grid_and_lose_it_again()
    {
        await ClearAsync();
        await board.Data.AddAsync(205, doubt: true);
        var name = (await board.Database.LinesAsync("SELECT min(class) FROM model_classes"))[0];
        var page = await OpenAsync(board.Reviewer, "review?mode=grid", "none of them");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(205);
        await page.Keyboard.PressAsync("Control+a");
        for (var i = 0; i < 5; i++)
        {
            await page.Locator(".tile").Nth(i).ClickAsync();
        }

        await Expect(page.Locator(".selected-count")).ToHaveTextAsync("200 selected");
        await BoardFixture.ScreenshotAsync(page, "review-grid");
        await page.Keyboard.TypeAsync(name);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".review-note")).ToHaveTextAsync($"200 written as {name}");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(5);
        Assert.Equal(["200"], await board.Database.LinesAsync($"SELECT count(*) FROM reviews WHERE class = '{name}'"));

        await page.Keyboard.PressAsync("u");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(205);
        Assert.Empty(await ReviewsAsync());
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task Undoing_at_once_in_the_grid_means_the_decision_that_is_still_being_written()
    {
        await ClearAsync();
        await board.Data.AddAsync(3, doubt: true);
        var page = await OpenAsync(board.Reviewer, "review?mode=grid", "none of them");
        await page.Locator(".tile").First.ClickAsync();
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator(".review-note")).ToHaveTextAsync("1 written as none of the known classes");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(2);
        await using (var other = await board.Database.Source.OpenConnectionAsync())
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var hold = new Npgsql.NpgsqlCommand(ReviewWrites.Lock, other);
            await hold.ExecuteNonQueryAsync();

            await page.Keyboard.PressAsync("Control+a");
            await page.Keyboard.PressAsync("n");
            await page.Keyboard.PressAsync("u");
            await Task.Delay(500);
        }

        await Expect(page.Locator(".review-note")).ToHaveTextAsync("2 of 2 reviews taken back");
        Assert.Single(await ReviewsAsync());
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task The_second_of_two_reviewers_reads_what_the_first_decided_and_may_override_it()
    {
        await ClearAsync();
        var ids = await board.Data.AddAsync(4, doubt: true);
        var first = await OpenAsync(board.Reviewer, "review", "none of them");
        var second = await OpenAsync(board.Operator, "review", "none of them");
        var grid = await OpenAsync(board.Operator, "review?mode=grid", "none of them");
        var names = await first.Locator($"{Current} .name").AllTextContentsAsync();
        await PressAsync(first, "1", ids[1]);
        await ReviewsBecomeAsync($"{ids[0]}|{names[0]}|{board.Reviewer}");

        await PressAsync(second, "2", ids[1]);

        await Expect(second.Locator(".review-note")).ToContainTextAsync($"reviewed as {names[0]} by {board.Reviewer}; that stays.");
        Assert.Single(await ReviewsAsync());
        await second.ClickAsync("#override");
        await ReviewsBecomeAsync($"{ids[0]}|{names[0]}|{board.Reviewer}", $"{ids[0]}|{names[1]}|{board.Operator}");
        await Expect(second.Locator("#override")).ToHaveCountAsync(0);

        // All four in the grid, of which one has been reviewed since it was opened.
        await grid.Keyboard.PressAsync("Control+a");
        await grid.Keyboard.PressAsync("n");
        await Expect(grid.Locator(".review-note")).ToHaveTextAsync(
            $"3 written as none of the known classes; 1 had been reviewed meanwhile by {board.Operator}");
        await grid.ClickAsync("#override");
        await Expect(grid.Locator(".review-note")).ToHaveTextAsync("1 written as none of the known classes");
        Assert.Equal(6, (await ReviewsAsync()).Count);
        await Task.WhenAll(new[] { first, second, grid }.Select(page => page.Context.CloseAsync()));
    }

    [Fact]
    public async Task A_review_waits_for_one_that_is_being_written_and_then_leaves_it()
    {
        await ClearAsync();
        var id = Assert.Single(await board.Data.AddAsync(1, doubt: true));
        var capturedAt = await board.Database.ScalarAsync<DateTime>("SELECT max(captured_at) FROM images");
        var image = new ImageKey(id, new DateTimeOffset(capturedAt));
        await using var other = await board.Database.Source.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var insert = new Npgsql.NpgsqlCommand(
            $"{ReviewWrites.Lock}; INSERT INTO reviews (image_id) VALUES ('{image.ImageId}')", other);
        await insert.ExecuteNonQueryAsync();

        var writing = ReviewWrites.WriteAsync(board.Database.Source, [image], className: null);
        await Task.Delay(300);
        await transaction.CommitAsync();

        Assert.Empty(await writing);
        Assert.Single(await ReviewsAsync());
    }

    [BrowserFact]
    public async Task A_reader_looks_and_decides_nothing_and_PostgreSQL_refuses_it_too()
    {
        await ClearAsync();
        var ids = await board.Data.AddAsync(2, doubt: true);
        var page = await OpenAsync(board.Reader, "review", "Your login may look");

        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator($"{Current} button[data-accept]").First).ToBeDisabledAsync();
        await PressAsync(page, "s", ids[1]);

        Assert.Empty(await ReviewsAsync());
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            board.Database.ExecuteAsync($"SET ROLE {board.Reader}; SELECT withdraw_reviews(ARRAY[1::bigint])"));
        Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_class_with_markup_in_its_name_is_shown_as_text()
    {
        const string markup = "<img src=x onerror=alert(1)>";
        await ClearAsync();
        await board.Data.AddAsync(1, doubt: true);
        await board.Database.ExecuteAsync($"""
            UPDATE classifications
            SET class = '{markup}', top5 = jsonb_build_array(jsonb_build_object('class', '{markup}', 'confidence', 0.5))
            """);
        var page = await OpenAsync(board.Reviewer, "review", "none of them");

        await Expect(page.Locator($"{Current} .name")).ToHaveTextAsync(markup);
        await page.GotoAsync($"{board.Address}/review?mode=grid");
        await Expect(page.Locator(".tile-group h2")).ToContainTextAsync(markup);
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(string login, string path, string keys)
    {
        var page = await board.SignInAsync(login);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Live");
        await page.GotoAsync($"{board.Address}/{path}");
        await Expect(page.Locator(".keys")).ToContainTextAsync(keys);
        await Expect(page.Locator("[data-listens]")).ToBeVisibleAsync();
        await SeeAsync(page);
        return page;
    }

    private static async Task PressAsync(IPage page, string key, Guid next)
    {
        await page.Keyboard.PressAsync(key);
        await Expect(page.Locator(Current).First).ToHaveAttributeAsync("data-id", $"{next}");
        await SeeAsync(page);
    }

    // A key counts only for an image that has arrived.
    private static async Task SeeAsync(IPage page)
    {
        for (var i = 0; i < 200; i++)
        {
            const string IsShown = $"document.querySelector('{Current} img.large')?.complete ?? !document.querySelector('.review-single')";
            if (await page.EvaluateAsync<bool>(IsShown))
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("The image did not arrive within 10 s.");
    }

    // The page continues before the database has answered, so reviews of different images can arrive in any order.
    private async Task ReviewsBecomeAsync(params string[] lines)
    {
        var expected = lines.OrderBy(line => line[..Guid.Empty.ToString().Length], StringComparer.Ordinal).ToArray();
        var found = await ReviewsAsync();
        for (var i = 0; i < 100 && !found.SequenceEqual(expected); i++)
        {
            await Task.Delay(50);
            found = await ReviewsAsync();
        }

        Assert.Equal(expected, found);
    }

    // Pages of the test before may still be reading.
    private async Task ClearAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await board.Data.ClearAsync();
                return;
            }
            catch (Npgsql.PostgresException deadlock) when (deadlock.SqlState == Npgsql.PostgresErrorCodes.DeadlockDetected && attempt < 5)
            {
                await Task.Delay(200);
            }
        }
    }

    private Task<List<string>> ReviewsAsync() => board.Database.LinesAsync(
        "SELECT image_id, class, reviewed_by FROM reviews ORDER BY image_id, review_id");
}
