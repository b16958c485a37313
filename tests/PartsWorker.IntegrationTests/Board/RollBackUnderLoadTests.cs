using Microsoft.Playwright;
using PartsWorker.Client;
using PartsWorker.Harness.Load;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Publishing;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>An operator changes the model on the page while images arrive.</summary>
[Collection(BoardFixture.OneAtATime)]
public sealed class RollBackUnderLoadTests(BoardFixture board) : IClassFixture<BoardFixture>
{
    private const double PerSecond = 25;

    // Batches that had begun with the other model may still be written after the first row of the new one.
    private const string Late = "interval '2 s'";

    [BrowserFact]
    public async Task Every_image_is_classified_by_the_model_that_the_page_names_and_none_is_lost()
    {
        await using var broker = await Broker.ConnectAsync();
        await board.RestartAsync(("Rabbit__Prefix", broker.Topology.Exchange));
        await board.Data.RegisterAsync(withShadow: true);
        await board.Database.ExecuteAsync("UPDATE serving SET shadow_model = NULL");
        using var worker = ChildProcess.StartWorker("run", [
            ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("ConnectionStrings__Postgres", board.Database.ConnectionString),
            ("Rabbit__Prefix", broker.Topology.Exchange), ("Model__Root", Path.Combine(Harness.Repository.Root, "models")),
            ("Model__Bundle", Harness.Repository.Bundle), ("Images__Roots__0", board.Images), ("Inference__Device", "cpu")]);
        await using var publisher = await PartsPublisher.ConnectAsync(
            new PublisherOptions { ConnectionString = RunningServices.RabbitMq, Prefix = broker.Topology.Exchange });
        var uris = board.Data.Uris;
        var feeder = new ReferenceFeeder(publisher, number => new ImageReference
        {
            ImageId = Guid.NewGuid(), CapturedAt = DateTimeOffset.UtcNow, Line = "L", Camera = "cam-1",
            Uri = uris[(int)(number % uris.Count)],
        });
        using var stop = new CancellationTokenSource();
        var feeding = feeder.PaceAsync(PerSecond, TimeSpan.FromMinutes(5), stop.Token);
        await RowsAsync(board.Data.Model, "true", 20);

        var page = await board.SignInAsync(board.Operator);
        await page.ClickAsync("nav a[href='models']");
        await ChangeAsync(page, page.Locator("#versions tr", new() { HasText = BoardData.Shadow }).Locator("button"), BoardData.Shadow);
        await RowsAsync(BoardData.Shadow, "true", 20);
        await ChangeAsync(page, page.Locator("#roll-back"), board.Data.Model);
        var rolledBack = await ChangedAsync();
        await RowsAsync(board.Data.Model, $"received_at > '{rolledBack}'", 20);
        await stop.CancelAsync();
        await feeding;
        await RowsAsync(board.Data.Model, "true", 0, all: feeder.Published);

        Assert.Equal([$"{feeder.Published}|{feeder.Published}|0"], await board.Database.LinesAsync(
            "SELECT count(*), count(DISTINCT image_id), count(*) FILTER (WHERE shadow) FROM classifications WHERE line = 'L'"));
        Assert.Equal(0u, await broker.Channel.MessageCountAsync(broker.Topology.DeadQueue));
        Assert.Empty(await board.Database.LinesAsync(Unsettled(rolledBack)));
        Assert.Equal([$"{board.Data.Model}|{BoardData.Shadow}|{board.Operator}"], await board.Database.LinesAsync(
            "SELECT model, replaced, changed_by FROM model_changes ORDER BY change_id DESC LIMIT 1"));
        await page.Context.CloseAsync();
    }

    private static async Task ChangeAsync(IPage page, ILocator button, string model)
    {
        await button.ClickAsync();
        await Assertions.Expect(page.Locator(".mud-dialog")).ToContainTextAsync($"{model} will classify every new image");
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await Assertions.Expect(page.Locator("#versions tr.current")).ToContainTextAsync(model, new() { Timeout = 120_000 });
    }

    // Rows of the model that was active before, well after the first row of the next one.
    private string Unsettled(string rolledBack) => $"""
        WITH rows AS (SELECT model, classified_at FROM classifications WHERE line = 'L'),
        first AS (
            SELECT min(classified_at) FILTER (WHERE model = '{BoardData.Shadow}') AS activated,
                   min(classified_at) FILTER (WHERE model = '{board.Data.Model}' AND classified_at > '{rolledBack}') AS back
            FROM rows)
        SELECT r.model, r.classified_at FROM rows AS r, first AS f
        WHERE (r.model = '{board.Data.Model}' AND r.classified_at > f.activated + {Late} AND r.classified_at < '{rolledBack}')
           OR (r.model = '{BoardData.Shadow}' AND r.classified_at > f.back + {Late})
        """;

    private Task<string> ChangedAsync() => board.Database.ScalarAsync<string>("SELECT changed_at::text FROM serving");

    private async Task RowsAsync(string model, string condition, long count, long? all = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await board.Database.ScalarAsync<bool>($"""
            SELECT count(*) FILTER (WHERE model = '{model}' AND {condition}) < {count} OR count(*) < {all ?? 0}
            FROM classifications WHERE line = 'L'
            """))
        {
            await Task.Delay(100, limit.Token);
        }
    }
}
