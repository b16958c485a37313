using System.Net;
using System.Text.RegularExpressions;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>A program that signs in as a browser does and then makes plain requests.</summary>
internal static partial class BoardClient
{
    public static async Task<HttpClient> SignInAsync(BoardFixture board, string login)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(board.Address),
        };
        var token = Token().Match(await client.GetStringAsync("/sign-in")).Groups[1].Value;
        using var form = new FormUrlEncodedContent(
            [new("login", login), new("password", BoardFixture.Password), new("__RequestVerificationToken", token)]);
        using var answer = await client.PostAsync("/sign-in", form);
        Assert.Equal("/", answer.Headers.Location!.ToString());
        return client;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
