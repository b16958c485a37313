using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Board.SignIn;
using PartsWorker.Database;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.IntegrationTests.Worker;
using PartsWorker.Reprocessing;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Database;

/// <summary>PgBouncer in transaction mode as Debian installs it: each transaction gets another session of the server.</summary>
public sealed class PgBouncerTests
{
    [PgBouncerFact]
    public async Task A_worker_stores_every_image_and_its_commands_work()
    {
        await using var factory = await Factory.OpenAsync();
        var environment = ("ConnectionStrings__Postgres", factory.Database.ThroughPgBouncer);
        using var worker = factory.StartWorker(environment);
        var images = factory.CopyGoldenImages(copies: 2);
        foreach (var image in images)
        {
            await factory.PublishAsync(image);
        }

        await factory.UntilRowsAsync(images.Count);
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());
        Assert.DoesNotContain("Could not", worker.Text, StringComparison.Ordinal);
        using var models = ChildProcess.StartWorker("models list", environment);
        Assert.Equal(0, await models.ExitAsync());
    }

    [PgBouncerFact]
    public async Task More_writers_than_sessions_write_beside_a_migration_and_a_run_that_holds_its_lock()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        await using var source = database.OpenThroughPgBouncer();
        var migrations = Migration.Embedded();

        var applied = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            new Migrator(source, migrations, _ => { }).ApplyAsync(dryRun: false, CancellationToken.None)));
        await using var runs = await ReprocessRuns.OpenAsync(source, CancellationToken.None);
        var request = new ReprocessRequest("parts@1", SomeResult.Noon, SomeResult.Noon.AddDays(1), new ReprocessFilter());
        await database.ExecuteAsync(
            $"INSERT INTO models (model, name, version, bundle_sha256) VALUES ('parts@1', 'parts', '1', '{new string('0', 64)}')");
        await runs.StartAsync(request, selected: 1, CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            var writer = new ResultWriter(
                source, new ResultsOptions { RetryAttempts = 0 }, TimeProvider.System, NullLogger<ResultWriter>.Instance);
            for (var batch = 0; batch < 5; batch++)
            {
                Assert.Empty(await writer.WriteAsync([SomeResult.Row(), SomeResult.Row()], CancellationToken.None));
            }
        }));

        Assert.Equal(migrations.Count, applied.Sum());
        Assert.Equal(400, await database.ScalarAsync<long>("SELECT count(*) FROM classifications"));
        await using var second = await ReprocessRuns.OpenAsync(source, CancellationToken.None);
        await Assert.ThrowsAsync<UserErrorException>(() => second.StartAsync(request, selected: 1, CancellationToken.None));
        await runs.DisposeAsync();
        await second.StartAsync(request, selected: 1, CancellationToken.None);
    }

    [PgBouncerFact]
    public async Task It_is_told_from_the_server_whose_sessions_get_their_settings()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        await using var through = database.OpenThroughPgBouncer();

        // All tests may run through PgBouncer.
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString).Port != RunningServices.PgBouncerPort;

        await TestDatabase.ExecuteAsync(through, "SELECT 1");
        var limit = await database.ScalarAsync<string>("SELECT current_setting('idle_in_transaction_session_timeout')");

        Assert.Equal(direct ? "2min" : "0", limit);
        Assert.Equal(direct, ServerSessions.AreOwn(database.Source));
        Assert.False(ServerSessions.AreOwn(through));
    }

    [PgBouncerFact]
    public async Task A_setting_that_PgBouncer_refuses_is_one_line_with_the_remedy()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.ThroughPgBouncer) { Options = "-c statement_timeout=5s" });

        var error = await Assert.ThrowsAnyAsync<NpgsqlException>(() => TestDatabase.ExecuteAsync(source, "SELECT 1"));

        // PgBouncer names the parameter itself before 1.20, and the setting in it since.
        Assert.Matches(
            @"^PgBouncer refuses a setting of the connection \(unsupported startup parameter(: options| in options: statement_timeout)\): "
            + "remove Options and Timezone from ConnectionStrings:Postgres$",
            PostgresFaults.Describe(error));
    }

    [PgBouncerFact]
    public async Task A_wrong_password_is_a_wrong_login()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Postgres", database.ThroughPgBouncer)]).Build();
        var logins = new DatabaseLogins(settings, TimeProvider.System);

        Assert.Equal(SignInProblem.WrongLogin, (await logins.SignInAsync("parts", "wrong", CancellationToken.None)).Problem);
        Assert.Equal(SignInProblem.WrongLogin, (await logins.SignInAsync("nobody", "wrong", CancellationToken.None)).Problem);
    }
}
