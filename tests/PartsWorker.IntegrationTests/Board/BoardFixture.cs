using Microsoft.Playwright;
using PartsWorker.Harness;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Support;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>
/// A migrated database with one login per role, the program <c>partsworker board</c> on a free port, and a browser. One per test class.
/// </summary>
public sealed class BoardFixture : IAsyncLifetime
{
    /// <summary>Collection of the test classes with a browser: several at the same time would slow each other down.</summary>
    public const string OneAtATime = "board";
    public const string Password = "the-password-of-everybody";
    private readonly string _suffix = Guid.NewGuid().ToString("N")[..8];
    private readonly DirectoryInfo _images = Directory.CreateTempSubdirectory("board-images-");
    private ChildProcess? _board;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public string Reader => $"reader_{_suffix}";

    public string Reviewer => $"reviewer_{_suffix}";

    public string Operator => $"operator_{_suffix}";

    /// <summary>A login without any role of the board.</summary>
    public string Stranger => $"stranger_{_suffix}";

    /// <summary>Such as <c>http://127.0.0.1:40123</c>.</summary>
    public string Address { get; private set; } = "";

    internal TestDatabase Database { get; private set; } = null!;

    internal BoardData Data { get; private set; } = null!;

    internal ChildProcess Board => _board!;

    /// <summary>Root of the images that board and workers may read.</summary>
    internal string Images => _images.FullName;

    /// <summary>Where screenshots go: beside the results of the tests.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(
        Path.Combine(Repository.Root, ".artifacts", "test-results", "board")).FullName;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        foreach (var (login, roles) in new[]
        {
            (Reader, "partsworker_reader"), (Reviewer, "partsworker_reviewer"), (Operator, "partsworker_operator, partsworker_reviewer"),
        })
        {
            await Database.ExecuteAsync($"CREATE ROLE {login} LOGIN PASSWORD '{Password}'; GRANT {roles} TO {login}");
        }

        await Database.ExecuteAsync($"CREATE ROLE {Stranger} LOGIN PASSWORD '{Password}'");
        Data = await BoardData.CreateAsync(Database, _images);
        await RestartAsync();
        if (BrowserFactAttribute.Chromium is { } chromium)
        {
            // A loaded machine draws a page slowly.
            Assertions.SetDefaultExpectTimeout(20_000);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        }
    }

    /// <summary>Starts the board, or starts it again with other settings.</summary>
    internal async Task RestartAsync(params (string Name, string Value)[] environment)
    {
        await StopAsync();
        _board = ChildProcess.StartWorker("board", [
            ("ConnectionStrings__Postgres", Database.ConnectionString),
            ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq),
            ("Board__Port", "0"),
            ("Board__SignInsPerMinute", "1000"),
            ("Images__Roots__0", _images.FullName),
            ("Model__Root", Path.Combine(Repository.Root, "models")),
            ("Model__Bundle", Repository.Bundle),
            .. environment]);
        await _board.UntilAsync("board at ");
        Address = _board.Text[(_board.Text.IndexOf("board at ", StringComparison.Ordinal) + 9)..].Split('\n')[0].Trim();
    }

    /// <summary>A page of 1366 x 768 pixels, signed in.</summary>
    public async Task<IPage> SignInAsync(string login, bool dark = false)
    {
        var page = await OpenAsync(dark);
        await SignInAsync(page, login);
        return page;
    }

    public async Task SignInAsync(IPage page, string login)
    {
        await page.GotoAsync($"{Address}/sign-in");
        await page.FillAsync("#login", login);
        await page.FillAsync("#password", Password);
        await page.ClickAsync("button[type=submit]");
    }

    /// <summary>A page that is not signed in.</summary>
    public async Task<IPage> OpenAsync(bool dark = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = 1366, Height = 768 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    /// <summary>Adds an image with this content and its row.</summary>
    public async Task<Guid> AddFileAsync(string name, byte[] content)
    {
        var path = Path.Combine(_images.FullName, $"{Guid.NewGuid():N}-{name}");
        await File.WriteAllBytesAsync(path, content);
        return (await Data.AddAsync(1, uri: new Uri(path).AbsoluteUri))[0];
    }

    public static Task ScreenshotAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png") });

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        await StopAsync();
        await Database.DisposeAsync();
        await using var server = Npgsql.NpgsqlDataSource.Create(RunningServices.Postgres);
        await TestDatabase.ExecuteAsync(server, $"DROP ROLE {Reader}, {Reviewer}, {Operator}, {Stranger}");
        _images.Delete(recursive: true);
    }

    private async Task StopAsync()
    {
        if (_board is not null)
        {
            _board.Terminate();
            await _board.ExitAsync();
            _board.Dispose();
        }
    }
}
