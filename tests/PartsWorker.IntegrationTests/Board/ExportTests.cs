using System.Net;
using System.Net.Sockets;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>The CSV export over HTTP.</summary>
[Collection(BoardFixture.OneAtATime)]
public sealed class ExportTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    [Fact]
    public async Task The_export_has_every_row_of_the_filter_newest_first_and_guards_formulas()
    {
        var ids = await board.Data.AddAsync(10);
        await board.Database.ExecuteAsync($"""
            UPDATE classifications SET line = 'X', camera = '=HYPERLINK("http://e.example")', worker = 'a,"b"' WHERE image_id = '{ids[0]}';
            UPDATE classifications SET line = 'X' WHERE image_id = '{ids[2]}';
            UPDATE images SET uri = 'https://user:secret@h.example/a.jpg?sig=secret' WHERE image_id = '{ids[0]}';
            INSERT INTO reviews (image_id, class, note) VALUES ('{ids[2]}', NULL, 'x')
            """);
        using var client = await BoardClient.SignInAsync(board, board.Reader);

        using var answer = await client.GetAsync("/export.csv?line=X");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Matches(
            @"^attachment; filename=""partsworker-\d{4}-\d\d-\d\dT\d{6}Z\.csv""$",
            answer.Content.Headers.ContentDisposition!.ToString());
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal(4, lines.Length);
        Assert.StartsWith($"{ids[0]},", lines[1], StringComparison.Ordinal);
        Assert.Contains(",X,\"'=HYPERLINK(\"\"http://e.example\"\")\",", lines[1], StringComparison.Ordinal);
        Assert.Contains(",\"a,\"\"b\"\"\",", lines[1], StringComparison.Ordinal);
        Assert.Contains(",https://***@h.example/a.jpg,\"{\"\"order\"\": ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"{ids[2]},", lines[2], StringComparison.Ordinal);
        Assert.Matches(@",,parts,\d{4}-[^,]*Z$", lines[2]);
        Assert.Equal("", lines[3]);
    }

    [Theory]
    [InlineData("?imageId=x", "imageId is \"x\"")]
    [InlineData("?min=2", "min is \"2\"")]
    public async Task A_filter_that_cannot_be_understood_is_refused_with_one_line(string query, string expected)
    {
        using var client = await BoardClient.SignInAsync(board, board.Reader);

        using var answer = await client.GetAsync($"/export.csv{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_session_there_is_no_export()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(board.Address) };

        using var answer = await client.GetAsync("/export.csv");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task An_export_that_fails_in_the_middle_never_looks_complete()
    {
        await board.Data.AddAsync(20_000);
        using var client = await BoardClient.SignInAsync(board, board.Reader);
        using var answer = await client.GetAsync("/export.csv", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);

        Assert.Equal(1, await RunningAsync(terminate: true));

        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
        Assert.Contains("an export for " + board.Reader + " was broken off", board.Board.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_statement_ends_when_the_client_leaves()
    {
        await board.Data.AddAsync(20_000);
        using var client = await BoardClient.SignInAsync(board, board.Reader);
        var answer = await client.GetAsync("/export.csv", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(1, await RunningAsync());

        answer.Dispose();

        await StoppedAsync();
    }

    [BrowserFact]
    public async Task An_export_stops_when_its_session_ends_and_never_looks_complete()
    {
        await board.Data.AddAsync(40_000);
        var page = await board.SignInAsync(board.Reader);
        await Microsoft.Playwright.Assertions.Expect(page.Locator("#sign-out")).ToBeVisibleAsync();
        var cookie = (await page.Context.CookiesAsync()).Single(cookie => cookie.Name == "partsworker-board");
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, ConnectCallback = ConnectAsync });
        client.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var answer = await client.GetAsync($"{board.Address}/export.csv", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var reading = ReadSlowlyAsync(body);
        Assert.Equal(1, await RunningAsync());

        await page.ClickAsync("#sign-out");

        await Assert.ThrowsAnyAsync<IOException>(() => reading);
        await StoppedAsync();
        await board.Board.UntilAsync("was broken off: The session has ended");
        await page.Context.CloseAsync();
    }

    // The server breaks off a download whose client takes nothing for five seconds. With the default buffer of some megabytes, a slow
    // client seems to take nothing for long.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        await socket.ConnectAsync(context.DnsEndPoint, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task ReadSlowlyAsync(Stream body)
    {
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer) > 0)
        {
            await Task.Delay(100);
        }
    }

    private async Task StoppedAsync()
    {
        for (var attempt = 0; attempt < 200 && await RunningAsync() > 0; attempt++)
        {
            await Task.Delay(50);
        }

        Assert.Equal(0, await RunningAsync());
    }

    private async Task<int> RunningAsync(bool terminate = false)
    {
        await using var command = board.Database.Source.CreateCommand($"""
            SELECT count({(terminate ? "pg_terminate_backend(pid)" : "*")})::int FROM pg_stat_activity
            WHERE datname = current_database() AND usename = '{board.Reader}' AND state = 'active' AND query LIKE '%reviewed_by%'
            """);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
