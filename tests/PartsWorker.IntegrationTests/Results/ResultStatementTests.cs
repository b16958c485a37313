using PartsWorker.Bundles.Fusion;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Results;

public sealed class ResultStatementTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Every_row_of_a_large_batch_gets_its_own_candidates()
    {
        const int Rows = 600;
        ResultRow[] rows =
        [
            .. Enumerable.Range(0, Rows).Select(i => SomeResult.Row() with
            {
                Attempts = i,
                Top5 = [.. Enumerable.Repeat(new Candidate(0, i / 1000.0, 0.7f), 5)],
            }),
        ];
        var statement = new ResultStatement(rows, returnsTimes: true);
        await using var connection = await _database.Source.OpenConnectionAsync();

        var created = await statement.ExecuteAsync(connection, prepare: true, CancellationToken.None);

        Assert.Equal(Rows, created.Count);
        Assert.Equal(
            [$"{Rows}"],
            await _database.LinesAsync(
                """
                SELECT count(*) FROM classifications
                WHERE jsonb_array_length(top5) = 5 AND (top5->4->>'confidence')::float8 = attempts / 1000.0
                """));
    }
}
