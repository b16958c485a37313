using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Npgsql;
using PartsWorker.Board;
using PartsWorker.Board.DeadLetters;
using PartsWorker.Board.Models;
using PartsWorker.Board.Reprocessing;
using PartsWorker.Board.SignIn;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Client;
using PartsWorker.DeadLetters;
using PartsWorker.Harness;
using PartsWorker.Harness.Network;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Publishing;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Registry;
using PartsWorker.Reprocessing;
using PartsWorker.Serving;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>Models, Reprocessing and Dead letters: what operators do there, and that nobody else can.</summary>
[Collection(BoardFixture.OneAtATime)]
public sealed class OperationsTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    private static readonly string Other = Repository.DemoBundleKey;

    private static readonly ReprocessRequest Request = new(Other, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow, new());

    [BrowserFact]
    public async Task Readers_and_reviewers_see_the_pages_without_the_buttons()
    {
        await RegisterOtherAsync();
        foreach (var login in new[] { board.Reader, board.Reviewer })
        {
            var page = await board.SignInAsync(login);
            await page.GotoAsync($"{board.Address}/models");
            await Assertions.Expect(page.Locator("#versions tbody tr")).ToHaveCountAsync(2);
            await Assertions.Expect(page.Locator("#versions button, #roll-back, #shadow-model")).ToHaveCountAsync(0);
            await page.GotoAsync($"{board.Address}/dead-letters?image=x");
            await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("image is not an image id");
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Actions_of_an_operator_are_refused_to_a_reviewer_by_the_page_and_by_PostgreSQL()
    {
        var broker = new BoardBroker(new ConfigurationBuilder().Build());
        await using var background = new BackgroundReprocessing(broker, new(), NullLogger<BackgroundReprocessing>.Instance);
        using var shelf = new LetterShelf(broker, TimeProvider.System, NullLogger<LetterShelf>.Instance);
        // Nothing is verified before the person is known to be an operator.
        using var models = new ModelActions(check: null!, new ModelFolders(new ModelOptions()), NullLogger<ModelActions>.Instance);
        Func<BoardSession, Task>[] actions =
        [
            person => models.ActivateAsync(person, board.Data.Model, CancellationToken.None),
            person => models.RollbackAsync(person, "a@1", "b@1", CancellationToken.None),
            person => models.ShadowAsync(person, key: null, share: 0, CancellationToken.None),
            person => background.StartAsync(person, Request, CancellationToken.None),
            person => background.StopAsync(person, 1, CancellationToken.None),
            person => shelf.ReplayAsync(person, _ => true, CancellationToken.None),
        ];
        await using var honest = Session(board.Reviewer, BoardRoles.Reviewer);
        await using var forged = Session(board.Reviewer, BoardRoles.Operator);

        foreach (var action in actions)
        {
            var byPage = await Assert.ThrowsAsync<UserErrorException>(() => action(honest));
            var byPostgres = await Assert.ThrowsAsync<PostgresException>(() => action(forged));
            Assert.Contains(BoardRoles.Operator, byPage.Message, StringComparison.Ordinal);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, byPostgres.SqlState);
        }

        Assert.Equal(board.Data.Model, await ServingAsync());
    }

    [BrowserFact]
    public async Task Dead_letters_are_shown_filtered_and_replayed_by_a_broker_user_who_may_only_write_and_read()
    {
        await using var broker = await Broker.ConnectAsync();
        var prefix = Regex.Escape(broker.Topology.Exchange);
        await using var user = await LimitedUser.CreateAsync(broker, "^$", $"^{prefix}$", $@"^{prefix}\.dead$");
        await board.RestartAsync(
            ("Rabbit__Prefix", broker.Topology.Exchange), ("Rabbit__Declare", "false"), ("ConnectionStrings__RabbitMq", user.Address));
        var ids = await BuriedLetters.AddAsync(broker, 5);
        var page = await board.SignInAsync(board.Operator);
        await page.ClickAsync("nav a[href='dead-letters']");
        await Assertions.Expect(page.Locator("#letters tbody tr")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#letters")).ToContainTextAsync("<b>no such file</b>");
        await BoardFixture.ScreenshotAsync(page, "dead-letters");

        await page.GotoAsync($"{board.Address}/dead-letters?image={ids[2]}");
        await Assertions.Expect(page.Locator("#letters tbody tr")).ToHaveCountAsync(1);
        await page.ClickAsync("#replay-all");
        await ConfirmAsync(page);

        await Assertions.Expect(page.Locator("#done")).ToHaveTextAsync("1 replayed.");
        await broker.WaitForAsync(broker.Topology.DeadQueue, 4);
        Assert.Equal([ids[2]], await broker.DrainAsync(broker.Topology.LiveQueue));
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task The_page_of_dead_letters_shows_by_itself_those_that_come_later_or_that_another_reader_held()
    {
        await using var broker = await Broker.ConnectAsync();
        await board.RestartAsync(("Rabbit__Prefix", broker.Topology.Exchange));
        var page = await board.SignInAsync(board.Operator);
        await page.GotoAsync($"{board.Address}/dead-letters");
        await Assertions.Expect(page.Locator("main .empty")).ToHaveTextAsync("There are no dead letters.");
        await using (var other = await DeadLetterQueue.OpenAsync(
            RabbitConnections.Factory(RunningServices.RabbitMq), broker.Topology, declare: true, CancellationToken.None))
        {
            await BuriedLetters.AddAsync(broker, 3);
            await foreach (var letter in other.ReadAsync(3, CancellationToken.None))
            {
                Assert.Equal("missing-image", letter.Reason);
            }

            await Assertions.Expect(page.Locator("main")).ToContainTextAsync("another reader holds them", new() { Timeout = 30_000 });
        }

        await Assertions.Expect(page.Locator("#letters tbody tr")).ToHaveCountAsync(3, new() { Timeout = 30_000 });
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_broker_that_is_away_or_slow_is_named_and_the_page_continues_by_itself()
    {
        await using var broker = await Broker.ConnectAsync();
        await BuriedLetters.AddAsync(broker, 20);
        await using var proxy = new Harness.Network.Proxy(RunningServices.RabbitMqPort);
        proxy.TakeAway();
        await board.RestartAsync(
            ("Rabbit__Prefix", broker.Topology.Exchange), ("ConnectionStrings__RabbitMq", RunningServices.RabbitMqThrough(proxy.Port)));
        var page = await board.SignInAsync(board.Operator);
        await page.ClickAsync("nav a[href='dead-letters']");
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("cannot be reached");

        proxy.Mode = ProxyMode.Swallow;
        await Task.Delay(TimeSpan.FromSeconds(6));
        await page.ClickAsync("nav a[href='models']");
        await Assertions.Expect(page.Locator("#versions")).ToBeVisibleAsync();
        await page.ClickAsync("nav a[href='dead-letters']");
        proxy.Mode = ProxyMode.Slow;
        proxy.Cut();

        await Assertions.Expect(page.Locator("#letters tbody tr")).ToHaveCountAsync(20, new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator(".problem")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task A_run_outlives_the_page_is_seen_by_everybody_and_is_resumed_after_a_stop()
    {
        await using var broker = await Broker.ConnectAsync();
        // Without a worker the run stops at 150 images, before its last page.
        (string, string)[] settings =
            [("Rabbit__Prefix", broker.Topology.Exchange), ("Reprocess__PageSize", "50"), ("Reprocess__MaxOutstanding", "100")];
        await board.RestartAsync(settings);
        await RegisterOtherAsync();
        await board.Data.AddAsync(200);
        var address = $"{board.Address}/reprocessing?model={Other}&from=2020-01-01T00:00&to=2100-01-01T00:00";
        var page = await board.SignInAsync(board.Operator);
        await page.GotoAsync(address);
        await page.ClickAsync("#start");
        await ConfirmAsync(page);
        await Assertions.Expect(page.Locator("#runs tbody tr")).ToHaveCountAsync(1);
        await page.ClickAsync("#sign-out");

        var reader = await board.SignInAsync(board.Reader);
        await reader.GotoAsync($"{board.Address}/reprocessing");
        await Assertions.Expect(reader.Locator("#runs tr.current")).ToContainTextAsync(board.Operator);
        await Assertions.Expect(reader.Locator("#runs button")).ToHaveCountAsync(0);
        await broker.WaitForAsync(broker.Topology.ReprocessQueue, 150);

        await board.RestartAsync(settings);
        page = await board.SignInAsync(board.Operator);
        await page.GotoAsync($"{board.Address}/reprocessing");
        await Assertions.Expect(page.Locator("#runs")).ToContainTextAsync("stopped");
        await page.ClickAsync("#runs button:has-text('Resume')");
        await Assertions.Expect(page.Locator("#runs button:has-text('Stop')")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#runs tbody tr")).ToHaveCountAsync(1);
        await BoardFixture.ScreenshotAsync(page, "reprocessing");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task The_list_of_runs_stays_up_to_date_after_something_was_refused()
    {
        var page = await board.SignInAsync(board.Operator);
        await page.GotoAsync($"{board.Address}/reprocessing?run=999999");
        await Assertions.Expect(page.Locator(".problem").First).ToHaveTextAsync("There is no run 999999.");

        await board.Database.ExecuteAsync("""
            INSERT INTO reprocess_runs (model, from_at, to_at, filter, status, selected, published, judged)
            SELECT model, now() - interval '1 day', now(), '{}', 'done', 4321, 4321, 4321 FROM serving
            """);

        await Assertions.Expect(page.Locator("#runs")).ToContainTextAsync("4,321");
        await Assertions.Expect(page.Locator(".problem").First).ToHaveTextAsync("There is no run 999999.");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task Without_a_broker_the_pages_name_the_setting()
    {
        await board.RestartAsync(("ConnectionStrings__RabbitMq", ""));
        var page = await board.SignInAsync(board.Operator);

        foreach (var path in new[] { "dead-letters", "reprocessing" })
        {
            await page.GotoAsync($"{board.Address}/{path}");
            await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("ConnectionStrings:RabbitMq");
        }

        await page.Context.CloseAsync();
    }

    private static Task ConfirmAsync(IPage page) => page.Locator(".mud-dialog-actions button").Last.ClickAsync();

    private Task<string> ServingAsync() => board.Database.ScalarAsync<string>("SELECT model FROM serving");

    private Task<bool> RegisterOtherAsync() => new ModelRegistry(board.Database.Source).RegisterAsync(
        ModelBundle.Open(Repository.DemoBundle), CancellationToken.None);

    private BoardSession Session(string login, string role)
    {
        var settings = new NpgsqlConnectionStringBuilder(board.Database.ConnectionString)
        {
            Username = login, Password = BoardFixture.Password,
        };
        return new BoardSession(login, [role], NpgsqlDataSource.Create(settings.ConnectionString), DateTimeOffset.UtcNow);
    }
}
