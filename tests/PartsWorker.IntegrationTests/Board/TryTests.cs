using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using PartsWorker.Board.Try;
using PartsWorker.Harness;

namespace PartsWorker.IntegrationTests.Board;

[Collection(BoardFixture.OneAtATime)]
public sealed class TryTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    [BrowserFact]
    public async Task Files_and_stored_images_are_classified_by_the_active_model()
    {
        var stored = (await board.Data.AddAsync(1))[0];
        var page = await board.SignInAsync(board.Reader);
        await page.ClickAsync("nav a[href='try']");
        await Assertions.Expect(page.Locator("#files")).ToBeEnabledAsync();

        await page.SetInputFilesAsync("#files", [.. Golden().Take(3)]);
        await Assertions.Expect(page.Locator(".tried-card")).ToHaveCountAsync(3, new() { Timeout = 60_000 });
        await page.FillAsync("#image-id", stored.ToString());
        await page.PressAsync("#image-id", "Enter");
        await Assertions.Expect(page.Locator(".tried-card")).ToHaveCountAsync(4);

        await Assertions.Expect(page.Locator(".tried-card").First.Locator("h2")).ToHaveTextAsync(stored.ToString());
        await Assertions.Expect(page.Locator(".tried-card .dim", new() { HasText = board.Data.Model })).ToHaveCountAsync(4);
        await BoardFixture.ScreenshotAsync(page, "try");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_file_that_is_no_image_gets_one_line()
    {
        var page = await board.SignInAsync(board.Reader);
        await page.GotoAsync($"{board.Address}/try");
        await Assertions.Expect(page.Locator("#files")).ToBeEnabledAsync();

        await page.SetInputFilesAsync("#files", new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = "<svg/>"u8.ToArray() });

        await Assertions.Expect(page.Locator(".tried-card .alert")).ToContainTextAsync("an SVG drawing", new() { Timeout = 60_000 });
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_folder_of_more_files_than_allowed_is_cut_and_the_page_stays_alive()
    {
        var folder = Directory.CreateTempSubdirectory("try-");
        foreach (var number in Enumerable.Range(0, 248))
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{number:000}.jpg"), "not an image");
        }

        foreach (var image in Golden().Take(2))
        {
            File.Copy(image, Path.Combine(folder.FullName, "0-" + Path.GetFileName(image)));
        }

        var page = await board.SignInAsync(board.Reader);
        await page.ClickAsync("nav a[href='try']");
        await Assertions.Expect(page.Locator("#folder")).ToBeEnabledAsync();

        await page.SetInputFilesAsync("#folder", folder.FullName);

        await Assertions.Expect(page.Locator(".problem")).ToHaveTextAsync("Only the first 200 of 250 files are classified.");
        await Assertions.Expect(page.Locator(".tried-card")).ToHaveCountAsync(TryImages.MaxFiles, new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("[role=status]")).ToHaveCountAsync(0);
        await page.ClickAsync("nav a[href='find']");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Find");
        folder.Delete(recursive: true);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_program_classifies_with_a_database_login()
    {
        using var answer = await PostAsync(board.Reader, BoardFixture.Password, await File.ReadAllBytesAsync(Golden().First()));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(board.Data.Model, json.RootElement.GetProperty("model").GetString());
        Assert.Equal(5, json.RootElement.GetProperty("top5").GetArrayLength());
    }

    [Fact]
    public async Task A_program_is_refused_without_credentials_with_wrong_ones_without_a_role_and_without_an_image()
    {
        var image = await File.ReadAllBytesAsync(Golden().First());
        using var none = await PostAsync("", "", image);
        using var wrong = await PostAsync(board.Reader, "wrong", image);
        using var stranger = await PostAsync(board.Stranger, BoardFixture.Password, image);
        using var text = await PostAsync(board.Reader, BoardFixture.Password, "no image"u8.ToArray());

        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, text.StatusCode);
    }

    [Fact]
    public async Task Requests_at_the_same_time_sign_in_once()
    {
        var image = await File.ReadAllBytesAsync(Golden().First());
        await board.RestartAsync(("Board__SignInsPerMinute", "1"));
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            {
                using var answer = await PostAsync(board.Reader, BoardFixture.Password, image);
                return answer.StatusCode;
            }));

            Assert.DoesNotContain(HttpStatusCode.TooManyRequests, answers);
            Assert.Contains(HttpStatusCode.OK, answers);
        }
        finally
        {
            await board.RestartAsync();
        }
    }

    private static IEnumerable<string> Golden() => Directory.EnumerateFiles(Path.Combine(Repository.Bundle, "golden"), "*.jpg")
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Bundle, "golden"), "*.png")).Order();

    private async Task<HttpResponseMessage> PostAsync(string login, string password, byte[] image)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{board.Address}/api/classify")
        {
            Content = new ByteArrayContent(image),
        };
        if (login.Length > 0)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}")));
        }

        return await http.SendAsync(request);
    }
}
