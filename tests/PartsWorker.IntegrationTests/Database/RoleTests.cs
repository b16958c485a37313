using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Database;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Database;

/// <summary>One migrated database with one classified image and one registered model, for all tests about rights.</summary>
public sealed class RightsDatabase : IAsyncLifetime
{
    internal const string Image = "11111111-1111-1111-1111-111111111111";

    internal TestDatabase Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        await WriteAsync(Database.Source);
        await Database.ExecuteAsync($"""
            INSERT INTO models (model, name, version, bundle_sha256) VALUES ('parts@1', 'parts', '1', '{new string('0', 64)}');
            INSERT INTO model_classes VALUES ('parts@1', 7, 'red plate', 'red', 'plate')
            """);
    }

    public async Task DisposeAsync() => await Database.DisposeAsync();

    internal static async Task WriteAsync(NpgsqlDataSource source, bool shadow = false)
    {
        var writer = new ResultWriter(
            source, new ResultsOptions { RetryAttempts = 0, Publish = true }, TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync([SomeResult.Row(Guid.Parse(Image)) with { Shadow = shadow }], CancellationToken.None));
    }
}

public sealed class RoleTests(RightsDatabase rights) : IClassFixture<RightsDatabase>
{
    private const string Image = RightsDatabase.Image;

    [Fact]
    public async Task A_writer_can_do_all_a_worker_must()
    {
        await using var writer = await rights.Database.OpenAsAsync("partsworker_writer");

        await RightsDatabase.WriteAsync(writer);
        await RightsDatabase.WriteAsync(writer, shadow: true);
        await TestDatabase.ExecuteAsync(writer, "SELECT model, shadow_model, shadow_share FROM serving; SELECT bundle_sha256 FROM models");
        var stored = new StoredResults(writer, new ResultsOptions(), TimeProvider.System);
        Assert.Single(await stored.ReadAsync([SomeResult.Row(Guid.Parse(Image))], CancellationToken.None));
    }

    [Theory]
    [InlineData("partsworker_writer", "SELECT class FROM classifications")]
    [InlineData("partsworker_writer", "SELECT uri FROM images")]
    [InlineData("partsworker_writer", "SELECT * FROM latest_classification")]
    [InlineData("partsworker_writer", "SELECT * FROM reviews")]
    [InlineData("partsworker_writer", "UPDATE classifications SET class = 'x'")]
    [InlineData("partsworker_writer", "UPDATE images SET uri = 'x'")]
    [InlineData("partsworker_writer", "DELETE FROM classifications")]
    [InlineData("partsworker_writer", "DELETE FROM images")]
    [InlineData("partsworker_writer", "TRUNCATE images")]
    [InlineData("partsworker_writer", "UPDATE serving SET model = NULL")]
    [InlineData("partsworker_writer", "INSERT INTO models (model, name, version, bundle_sha256) VALUES ('a@1', 'a', '1', '')")]
    [InlineData("partsworker_writer", "INSERT INTO reviews (image_id) VALUES ('" + Image + "')")]
    [InlineData("partsworker_writer", "INSERT INTO reprocess_runs (model) VALUES ('parts@1')")]
    [InlineData("partsworker_writer", "SELECT create_month('images', now())")]
    [InlineData("partsworker_writer", "SELECT drop_partitions_before(now() - interval '1 day', true)")]
    [InlineData("partsworker_writer", "DROP TABLE images")]
    [InlineData("partsworker_writer", "CREATE TABLE mine (id int)")]
    [InlineData("partsworker_writer", "SELECT * FROM classifications_default")]
    [InlineData("partsworker_writer", "SELECT * FROM schema_migrations")]
    [InlineData("partsworker_writer", "SELECT uri FROM failures")]
    [InlineData("partsworker_writer", "DELETE FROM failures")]
    [InlineData("partsworker_reader", "SELECT delete_failures_before(now(), true)")]
    [InlineData("partsworker_reader", "INSERT INTO reviews (image_id) VALUES ('" + Image + "')")]
    [InlineData("partsworker_reader", "UPDATE classifications SET shadow = false")]
    [InlineData("partsworker_reader", "UPDATE serving SET model = NULL")]
    [InlineData("partsworker_reader", "SELECT ensure_partitions(now())")]
    [InlineData("partsworker_reviewer", "INSERT INTO reviews (image_id, reviewed_by) VALUES ('" + Image + "', 'somebody else')")]
    [InlineData("partsworker_reader", "SELECT close_reprocess_runs()")]
    [InlineData("partsworker_reviewer", "DELETE FROM reviews")]
    [InlineData("partsworker_reviewer", "UPDATE reviews SET class = NULL")]
    [InlineData("partsworker_reviewer", "INSERT INTO images (image_id) VALUES ('" + Image + "')")]
    [InlineData("partsworker_operator", "DELETE FROM classifications")]
    [InlineData("partsworker_operator", "INSERT INTO model_changes (shadow_share) VALUES (0)")]
    [InlineData("partsworker_operator", "DELETE FROM model_changes")]
    [InlineData("partsworker_operator", "UPDATE serving SET changed_by = 'somebody else'")]
    [InlineData("partsworker_operator", "DROP TABLE images")]
    public async Task A_role_cannot_do_more_than_it_must(string role, string sql)
    {
        await using var member = await rights.Database.OpenAsAsync(role);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.ExecuteAsync(member, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData(
        "partsworker_reader",
        "SELECT * FROM images, classifications, models, model_classes, serving, model_changes, reviews, reprocess_runs")]
    [InlineData(
        "partsworker_reader", "SELECT * FROM latest_classification, needs_review, daily_line_summary, model_disagreement, camera_drift")]
    [InlineData("partsworker_reviewer", "INSERT INTO reviews (image_id, class, note) VALUES ('" + Image + "', 'red plate', 'seen')")]
    [InlineData("partsworker_reader", "SELECT * FROM reprocess_progress")]
    [InlineData("partsworker_reader", "SELECT max(version) FROM schema_migrations")]
    [InlineData("partsworker_reviewer", "SELECT max(version) FROM schema_migrations")]
    [InlineData("partsworker_operator", "SELECT max(version) FROM schema_migrations")]
    [InlineData("partsworker_reader", "SELECT * FROM failures, dead_letters, image_status, queue_depths")]
    [InlineData("partsworker_reader", "SELECT * FROM shift_summary(now()::date, now()::date, 'UTC')")]
    [InlineData("partsworker_operator", "SELECT delete_failures_before(now() - interval '400 days', false)")]
    [InlineData("partsworker_operator", "UPDATE serving SET model = 'parts@1'")]
    [InlineData(
        "partsworker_writer",
        "INSERT INTO queue_depths (queue, messages, consumers, worker) VALUES ('parts.live', 1, 1, 'w') ON CONFLICT (queue) DO UPDATE "
        + "SET messages = excluded.messages, consumers = excluded.consumers, measured_at = now(), worker = excluded.worker")]
    [InlineData("partsworker_operator", "SELECT close_reprocess_runs()")]
    [InlineData("partsworker_operator", "SELECT * FROM drop_partitions_before(now() - interval '400 days', false)")]
    public async Task A_role_can_do_what_it_is_for(string role, string sql)
    {
        await using var member = await rights.Database.OpenAsAsync(role);

        await TestDatabase.ExecuteAsync(member, sql);
    }

    [Fact]
    public async Task An_ordinary_owner_of_a_database_can_migrate_it()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        await using var source = await database.OpenAsOwnerAsync();

        await new Migrator(source, Migration.Embedded(), _ => { }).ApplyAsync(dryRun: false, CancellationToken.None);
        await RightsDatabase.WriteAsync(source);
    }
}
