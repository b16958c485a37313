using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Failures;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Results;

public sealed class ResultWriterTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Every_column_comes_back_as_it_was_given()
    {
        var row = SomeResult.Row() with
        {
            CapturedAt = new DateTimeOffset(2026, 11, 20, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(1_234_567),
            Sha256 = new string('A', 64),
            AttributesJson = """{"station": "7"}""",
            PublishedAt = SomeResult.Noon,
        };

        Assert.Empty(await WriteAsync(row));

        Assert.Equal(
            [$"{row.ImageId}|2026-11-20 12:00:00.123456|A|cam-1|file:///images/1.jpg|{new string('a', 64)}|7|640|480|2026-11-20 12:00:00"],
            await _database.LinesAsync("""
                SELECT image_id, (captured_at AT TIME ZONE 'UTC')::text, line, camera, uri, sha256, attributes->>'station', width, height,
                       (published_at AT TIME ZONE 'UTC')::text FROM images
                """));
        Assert.Equal(
            ["parts@1|live|False|7|red plate|accepted|0.93|red|0.9|plate|0.8|0.7|red plate|red plate|both|0.93|1|worker-1|2026-11-20|NULL"],
            await _database.LinesAsync("""
                SELECT model, lane, shadow, class_id, class, decision, confidence, color, color_confidence, shape, shape_confidence,
                       max_similarity, top1_class, filter_class, filter_path, top5->0->>'confidence', attempts, worker, day::text, doubt
                FROM classifications
                """));
    }

    [Fact]
    public async Task A_redelivery_changes_nothing()
    {
        var row = SomeResult.Row();
        await WriteAsync(row);

        var redelivered = row with { ClassName = "blue plate", Confidence = 0.1f, Uri = "file:///other.jpg", Attempts = 2 };
        await WriteAsync(redelivered with { CapturedAt = row.CapturedAt.AddTicks(9) });

        Assert.Equal(["red plate|0.93|1"], await _database.LinesAsync("SELECT class, confidence, attempts FROM classifications"));
        Assert.Equal(["file:///images/1.jpg"], await _database.LinesAsync("SELECT uri FROM images"));
    }

    [Fact]
    public async Task The_same_image_twice_in_a_batch_is_one_row()
    {
        var row = SomeResult.Row();

        await WriteAsync(row, SomeResult.Row(), row with { WorkerName = "worker-2" }, row with { ModelKey = "parts@2" });

        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT count(*) FROM images"));
        Assert.Equal(3, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications"));
    }

    [Fact]
    public async Task A_shadow_row_becomes_a_normal_row_when_its_model_classifies_the_image_as_active_and_never_the_other_way()
    {
        var row = SomeResult.Row();
        await WriteAsync(row with { Shadow = true });
        await WriteAsync(row);
        Assert.False(await _database.ScalarAsync<bool>("SELECT shadow FROM classifications"));

        await WriteAsync(row with { Shadow = true });
        Assert.False(await _database.ScalarAsync<bool>("SELECT shadow FROM classifications"));
    }

    [Theory]
    [InlineData("NUL")]
    [InlineData("half a surrogate pair")]
    [InlineData("broken JSON")]
    [InlineData("too long for an index")]
    [InlineData("class without an id")]
    public async Task A_row_that_cannot_be_stored_fails_alone(string what)
    {
        var rows = Enumerable.Range(0, 32).Select(_ => SomeResult.Row()).ToArray();
        rows[13] = what switch
        {
            "NUL" => rows[13] with { Camera = "cam\0" },
            "half a surrogate pair" => rows[13] with { Uri = "file:///\ud800.jpg" },
            "broken JSON" => rows[13] with { AttributesJson = "{" },
            "too long for an index" => rows[13] with { ClassName = string.Concat(Enumerable.Range(0, 3000).Select(_ => Guid.NewGuid())) },
            _ => rows[13] with { ClassId = null },
        };

        var failure = Assert.Single(await WriteAsync(rows));

        Assert.Equal((13, FailureKind.StoreFailure, Recovery.Permanent), (failure.Index, failure.Error.Kind, failure.Error.Recovery));
        Assert.Contains(rows[13].ImageId.ToString(), failure.Error.Message, StringComparison.Ordinal);
        Assert.Equal(31, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications"));
        Assert.Equal(31, await _database.ScalarAsync<long>("SELECT count(*) FROM images"));
    }

    [Fact]
    public async Task Every_row_behind_a_key_that_cannot_be_stored_is_reported()
    {
        var bad = SomeResult.Row() with { Camera = "cam\0" };

        var failures = await WriteAsync(bad, SomeResult.Row(), bad with { Attempts = 2 }, SomeResult.Row(), bad with { Shadow = true });

        Assert.Equal([0, 2, 4], failures.Select(failure => failure.Index).Order());
        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications"));
    }

    [Fact]
    public async Task One_writer_stores_batch_after_batch_and_each_time_only_what_it_is_given()
    {
        var writer = Writer(new ResultsOptions());
        await writer.WriteAsync([SomeResult.Row(), SomeResult.Row(), SomeResult.Row()], CancellationToken.None);
        await _database.ExecuteAsync("DELETE FROM classifications; DELETE FROM images");
        var attributes = """{"station": "7"}""";
        var unknown = SomeResult.Row() with { ClassId = null, ClassName = null, Decision = "unknown", AttributesJson = attributes };

        Assert.Empty(await writer.WriteAsync([unknown], CancellationToken.None));
        Assert.Single(await writer.WriteAsync([SomeResult.Row(), SomeResult.Row() with { Camera = "cam\0" }], CancellationToken.None));

        Assert.Equal(["unknown|NULL|7", "accepted|red plate|NULL"], await _database.LinesAsync("""
            SELECT decision, class, attributes->>'station'
            FROM classifications JOIN images USING (image_id, captured_at) ORDER BY decision DESC
            """));
        Assert.Equal(2, await _database.ScalarAsync<long>("SELECT count(*) FROM images"));
    }

    [Fact]
    public async Task Writers_that_meet_on_the_same_rows_in_different_order_do_not_deadlock()
    {
        var rows = Enumerable.Range(0, 200).Select(_ => SomeResult.Row() with { Shadow = true }).ToArray();
        await WriteAsync(rows);
        var real = rows.Select(row => row with { Shadow = false }).ToArray();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var shuffled = real.ToArray();
            new Random(writer).Shuffle(shuffled);
            return await Writer(new ResultsOptions { RetryAttempts = 0 }).WriteAsync(shuffled, CancellationToken.None);
        }));

        Assert.All(outcomes, Assert.Empty);
        Assert.Equal(200, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications WHERE NOT shadow"));
    }

    [Fact]
    public async Task An_unreachable_database_is_a_dependency_that_is_down()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=a;Password=hidden");
        var writer = new ResultWriter(
            nowhere, new ResultsOptions { RetryAttempts = 0 }, TimeProvider.System, NullLogger<ResultWriter>.Instance);

        var failure = await Assert.ThrowsAsync<PartFailureException>(() => writer.WriteAsync([SomeResult.Row()], CancellationToken.None));

        Assert.Equal(Recovery.WithDependency, failure.Recovery);
        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_that_outlasts_its_time_is_a_dependency_that_is_down()
    {
        await using var blocker = await _database.Source.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("LOCK TABLE images IN ACCESS EXCLUSIVE MODE", blocker);
        await command.ExecuteNonQueryAsync();
        var writer = Writer(new ResultsOptions { RetryAttempts = 0, CommandTimeout = TimeSpan.FromSeconds(1) });

        var failure = await Assert.ThrowsAsync<PartFailureException>(() => writer.WriteAsync([SomeResult.Row()], CancellationToken.None));

        Assert.Equal(Recovery.WithDependency, failure.Recovery);
    }

    [Fact]
    public async Task Connections_the_server_has_cut_are_replaced_without_anybody_noticing()
    {
        var writer = Writer(new ResultsOptions());
        await writer.WriteAsync([SomeResult.Row()], CancellationToken.None);
        await using var other = NpgsqlDataSource.Create(RunningServices.Postgres);
        var name = await _database.ScalarAsync<string>("SELECT current_database()::text");
        await TestDatabase.ExecuteAsync(other, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

        Assert.Empty(await writer.WriteAsync([SomeResult.Row()], CancellationToken.None));
    }

    [Fact]
    public async Task A_read_only_server_is_waited_for_and_left_when_another_takes_writes()
    {
        var name = await _database.ScalarAsync<string>("SELECT current_database()::text");
        await _database.ExecuteAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        _database.Source.Clear();
        var writer = Writer(new ResultsOptions { RetryAttempts = 0 });

        var failure = await Assert.ThrowsAsync<PartFailureException>(() => writer.WriteAsync([SomeResult.Row()], CancellationToken.None));

        Assert.Equal(Recovery.WithDependency, failure.Recovery);
        Assert.Contains("PostgreSQL is read-only", failure.Message, StringComparison.Ordinal);
        // Like a switch of roles: sessions that exist stay read-only, new ones are not.
        await using (var owner = NpgsqlDataSource.Create(RunningServices.Postgres))
        {
            await TestDatabase.ExecuteAsync(owner, $"ALTER DATABASE {name} SET default_transaction_read_only = off");
        }

        Assert.Empty(await writer.WriteAsync([SomeResult.Row()], CancellationToken.None));
    }

    [Fact]
    public async Task A_user_without_the_right_is_waited_for_and_the_right_is_named()
    {
        await using var reader = await _database.OpenAsAsync("partsworker_reader");
        var writer = new ResultWriter(
            reader, new ResultsOptions { RetryAttempts = 0 }, TimeProvider.System, NullLogger<ResultWriter>.Instance);

        var failure = await Assert.ThrowsAsync<PartFailureException>(() => writer.WriteAsync([SomeResult.Row()], CancellationToken.None));

        Assert.Equal(Recovery.WithDependency, failure.Recovery);
        Assert.Contains("for a worker partsworker_writer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_an_unmigrated_database_names_the_migrate_command()
    {
        await using var empty = await TestDatabase.CreateAsync(migrated: false);
        var writer = new ResultWriter(
            empty.Source, new ResultsOptions { RetryAttempts = 0 }, TimeProvider.System, NullLogger<ResultWriter>.Instance);

        var failure = await Assert.ThrowsAsync<PartFailureException>(() => writer.WriteAsync([SomeResult.Row()], CancellationToken.None));

        Assert.Equal(Recovery.WithDependency, failure.Recovery);
        Assert.Contains("partsworker migrate", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_committed_synchronously_whatever_the_database_says()
    {
        await _database.ExecuteAsync(
            $"ALTER DATABASE {await _database.ScalarAsync<string>("SELECT current_database()::text")} SET synchronous_commit = off");
        await _database.ExecuteAsync("""
            CREATE TABLE commits (synchronous text);
            CREATE FUNCTION record_commit() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO commits VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON images DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION record_commit();
            """);
        NpgsqlConnection.ClearAllPools();
        _database.Source.Clear();

        await WriteAsync(SomeResult.Row());

        Assert.Equal(["on"], await _database.LinesAsync("SELECT synchronous FROM commits"));
    }

    [Fact]
    public async Task A_network_that_swallows_everything_is_an_outage_after_the_time_limit_and_not_a_wait_without_end()
    {
        await using var network = new SwallowingNetwork(_database);
        Assert.Empty(await network.Writer(commandTimeout: TimeSpan.FromMinutes(1)).WriteAsync([SomeResult.Row()], CancellationToken.None));
        network.Swallow();

        var failure = await Assert.ThrowsAsync<PartFailureException>(
            () => network.Writer(commandTimeout: TimeSpan.FromSeconds(1)).WriteAsync(
                [SomeResult.Row()], CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal(Recovery.WithDependency, failure.Recovery);
        Assert.Contains("no answer within 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_write_over_such_a_network_returns_promptly_as_well()
    {
        await using var network = new SwallowingNetwork(_database);
        var writer = network.Writer(commandTimeout: TimeSpan.FromMinutes(5));
        Assert.Empty(await writer.WriteAsync([SomeResult.Row()], CancellationToken.None));
        network.Swallow();
        using var abort = new CancellationTokenSource();

        var writing = writer.WriteAsync([SomeResult.Row()], abort.Token);
        await Task.Delay(200);
        await Task.Run(abort.Cancel).WaitAsync(TimeSpan.FromSeconds(60));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    private Task<IReadOnlyList<RowFailure>> WriteAsync(params ResultRow[] rows) =>
        Writer(new ResultsOptions()).WriteAsync(rows, CancellationToken.None);

    private ResultWriter Writer(ResultsOptions options) =>
        new(_database.Source, options, TimeProvider.System, NullLogger<ResultWriter>.Instance);
}
