using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using PartsWorker.Board;
using PartsWorker.Board.SignIn;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>What a hostile client may try without a browser.</summary>
[Collection(BoardFixture.OneAtATime)]
public sealed partial class BoardSecurityTests(BoardFixture board) : IClassFixture<BoardFixture>, IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly List<HttpClient> _clients = [];

    [Theory]
    [InlineData("/")]
    [InlineData("/images/6f9619ff-8b86-d011-b42d-00cf4fc964ff/thumb")]
    [InlineData("/_blazor/negotiate")]
    public async Task Nothing_is_served_without_a_session(string path)
    {
        using var answer = await Client().GetAsync(path);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Redirect, HttpStatusCode.Unauthorized });
    }

    [Fact]
    public async Task A_made_up_cookie_is_no_session()
    {
        _cookies.Add(new Uri(board.Address), new Cookie("partsworker-board", "CfDJ8AAAAAAAAAAAAAAAAAAAAAA"));

        using var answer = await Client().GetAsync("/");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAforged")]
    public async Task A_sign_in_needs_the_antiforgery_token_of_its_page(string token)
    {
        using var answer = await PostAsync("/sign-in", board.Reader, BoardFixture.Password, token, "/find?line=A");
        using var page = await Client().GetAsync("/");

        Assert.Equal("/sign-in?problem=Outdated&returnUrl=%2Ffind%3Fline%3DA", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.DoesNotContain(_cookies.GetAllCookies(), cookie => cookie.Name == "partsworker-board");
    }

    [Fact]
    public async Task A_sign_in_that_is_no_form_or_a_huge_one_leads_to_the_form()
    {
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var huge = new FormUrlEncodedContent(Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create($"returnUrl{i}", "x")));

        foreach (var content in new HttpContent[] { json, huge })
        {
            using var answer = await Client().PostAsync("/sign-in", content);
            Assert.Equal("/sign-in?problem=Outdated&returnUrl=%2F", answer.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task The_form_of_a_second_tab_leads_to_the_session_of_the_first()
    {
        var token = Token().Match(await Client().GetStringAsync("/sign-in")).Groups[1].Value;
        using (await SignInAsync())
        {
        }

        var session = _cookies.GetAllCookies()["partsworker-board"]!.Value;
        using var posted = await PostAsync("/sign-in", board.Operator, BoardFixture.Password, token, "/find");
        using var opened = await Client().GetAsync("/sign-in?returnUrl=%2Ffind");
        using var elsewhere = await Client().GetAsync("/sign-in?returnUrl=%2F%2Felsewhere.example");
        using var ended = await Client().GetAsync("/sign-in?problem=Ended&returnUrl=%2Ffind");

        Assert.Equal("/find", posted.Headers.Location!.ToString());
        Assert.Equal(session, _cookies.GetAllCookies()["partsworker-board"]!.Value);
        Assert.Equal($"{board.Address}/find", opened.Headers.Location!.ToString());
        Assert.Equal($"{board.Address}/", elsewhere.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
    }

    [Fact]
    public async Task Signing_out_a_second_time_leads_to_the_form_as_the_first()
    {
        using var answer = await Client().PostAsync("/sign-out", content: null);

        Assert.Equal("/sign-in", answer.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_never_leads_to_another_site(string target)
    {
        using var answer = await SignInAsync(target);

        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Every_answer_forbids_frames_and_foreign_scripts()
    {
        using var answer = await Client().GetAsync("/sign-in");

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_cookie_cannot_be_read_by_scripts_or_sent_from_other_sites()
    {
        using var answer = await SignInAsync();

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(line => line.StartsWith("partsworker-board=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/images/../../etc/passwd/thumb")]
    [InlineData("/images/%2e%2e%2f%2e%2e%2fetc%2fpasswd/thumb")]
    [InlineData("/images/file:%2f%2f%2fetc%2fpasswd/large")]
    [InlineData("/images/1/thumb")]
    public async Task A_path_in_place_of_an_image_id_is_not_found(string path)
    {
        using (await SignInAsync())
        {
        }

        using var answer = await Client().GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("<html><script>alert(1)</script></html>")]
    public async Task A_hostile_file_named_jpg_never_reaches_the_browser(string content)
    {
        var image = await board.AddFileAsync("hostile.jpg", System.Text.Encoding.UTF8.GetBytes(content));

        var (type, body) = await GetImageAsync(image);

        Assert.Equal("image/svg+xml", type);
        Assert.Contains("No image", body, StringComparison.Ordinal);
        Assert.DoesNotContain("alert", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_of_30000_by_30000_pixels_is_refused_by_its_header()
    {
        var image = await board.AddFileAsync("bomb.png", LargePng.Header(30_000, 30_000));

        var (type, body) = await GetImageAsync(image);

        Assert.Equal("image/svg+xml", type);
        Assert.Contains("No image", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_outside_the_roots_shows_the_reason_and_not_the_file()
    {
        var image = Assert.Single(await board.Data.AddAsync(1, uri: "file:///etc/hostname"));

        var (type, body) = await GetImageAsync(image);

        Assert.Equal("image/svg+xml", type);
        Assert.Contains("No image", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_password_never_becomes_one_that_the_program_finds_elsewhere()
    {
        await board.RestartAsync(("PGPASSWORD", BoardFixture.Password));
        try
        {
            using var answer = await SignInAsync(password: "");

            Assert.Contains("problem=WrongLogin", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await board.RestartAsync();
        }
    }

    [Fact]
    public void Attempts_of_one_client_lock_nobody_else_out()
    {
        using var limits = new SignInLimits(new BoardOptions { SignInsPerMinute = 2 });
        var (attacker, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        for (var attempt = 0; attempt < 20; attempt++)
        {
            limits.TryTake(attacker, $"somebody{attempt % 4}");
        }

        Assert.True(limits.TryTake(other, "somebody3"));
    }

    [Fact]
    public async Task A_revoked_login_loses_its_session()
    {
        await using var sessions = new BoardSessions(new BoardOptions(), TimeProvider.System);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Postgres", board.Database.ConnectionString)]).Build();
        var (session, _) = await new DatabaseLogins(configuration, TimeProvider.System)
            .SignInAsync(board.Operator, BoardFixture.Password, CancellationToken.None);
        var id = await sessions.AddAsync(session!);
        await sessions.EndRevokedAsync(CancellationToken.None);
        Assert.NotNull(sessions.Find(id));

        await board.Database.ExecuteAsync($"ALTER ROLE {board.Operator} NOLOGIN");
        try
        {
            await sessions.EndRevokedAsync(CancellationToken.None);
            Assert.Null(sessions.Find(id));
            Assert.True(session!.Ended.IsCancellationRequested);
        }
        finally
        {
            await board.Database.ExecuteAsync($"ALTER ROLE {board.Operator} LOGIN");
        }
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_reported_and_not_repeated()
    {
        var error = await Assert.ThrowsAsync<UserErrorException>(() => board.Database.Source.ReadAsync(
            "SELECT pg_sleep(60)", [], _ => 0, CancellationToken.None));

        Assert.Contains("took too long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_passwords_is_slowed_down()
    {
        await board.RestartAsync(("Board__SignInsPerMinute", "3"));
        try
        {
            for (var attempt = 0; attempt < 3; attempt++)
            {
                using var wrong = await SignInAsync(password: "wrong");
                Assert.Contains("problem=WrongLogin", wrong.Headers.Location!.ToString(), StringComparison.Ordinal);
            }

            using var refused = await SignInAsync();
            Assert.Contains("problem=TooManyAttempts", refused.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await board.RestartAsync();
        }
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private async Task<(string? Type, string Body)> GetImageAsync(Guid image)
    {
        using (await SignInAsync())
        {
        }

        using var answer = await Client().GetAsync($"/images/{image}/thumb");
        return (answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> SignInAsync(string? returnUrl = null, string? password = null)
    {
        var page = await Client().GetStringAsync("/sign-in");
        return await PostAsync("/sign-in", board.Reader, password ?? BoardFixture.Password, Token().Match(page).Groups[1].Value, returnUrl);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string login, string password, string token, string? returnUrl = null)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("login", login), new("password", password), new("__RequestVerificationToken", token), new("returnUrl", returnUrl ?? ""),
        ]);
        return await Client().PostAsync(path, form);
    }

    private HttpClient Client()
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
        {
            BaseAddress = new Uri(board.Address),
        };
        _clients.Add(client);
        return client;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
