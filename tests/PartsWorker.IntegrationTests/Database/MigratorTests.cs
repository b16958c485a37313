using PartsWorker.Database;
using PartsWorker.IntegrationTests.Support;

namespace PartsWorker.IntegrationTests.Database;

public sealed class MigratorTests : IAsyncLifetime
{
    private static readonly Migration First = new(1, "V001__first.sql", "CREATE TABLE first (id int)");
    private static readonly Migration Second = new(2, "V002__second.sql", "CREATE TABLE second (id int)");
    private readonly List<string> _said = [];
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(migrated: false);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Only_what_is_missing_is_applied()
    {
        Assert.Equal(1, await MigrateAsync([First]));
        Assert.Equal(1, await MigrateAsync([First, Second]));
        Assert.Equal(0, await MigrateAsync([First, Second]));

        Assert.Equal(["applying V001__first.sql", "applying V002__second.sql"], _said);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        Assert.Equal(1, await MigrateAsync([First], dryRun: true));

        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        Assert.Equal(["would apply V001__first.sql"], _said);
    }

    [Fact]
    public async Task A_changed_file_is_refused_and_named()
    {
        await MigrateAsync([First]);

        var error = await Assert.ThrowsAsync<MigrationException>(
            () => MigrateAsync([First with { Sql = "CREATE TABLE first (id bigint)" }, Second]));

        Assert.Equal("V001__first.sql was changed after it was applied: restore it and put the change into a new file", error.Message);
        Assert.False(await _database.ScalarAsync<bool>("SELECT to_regclass('second') IS NOT NULL"));
    }

    [Fact]
    public async Task Windows_line_ends_are_not_a_change()
    {
        await MigrateAsync([new Migration(1, "V001__a.sql", "SELECT 1;\nSELECT 2;")]);

        Assert.Equal(0, await MigrateAsync([new Migration(1, "V001__a.sql", "SELECT 1;\r\nSELECT 2;")]));
    }

    [Fact]
    public async Task A_number_that_was_skipped_is_refused()
    {
        await MigrateAsync([Second]);

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync([First, Second]));

        Assert.Contains("above 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_left_alone()
    {
        await MigrateAsync([First, Second]);

        Assert.Equal(0, await MigrateAsync([First]));
        Assert.Contains("newer than this program", _said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_no_trace()
    {
        var broken = new Migration(2, "V002__broken.sql", "CREATE TABLE half (id int); SELECT 1/0;");

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync([First, broken]));

        Assert.Equal("V002__broken.sql failed and was rolled back: division by zero", error.Message);
        Assert.Equal(1, await MigrateAsync([First, Second]));
        Assert.False(await _database.ScalarAsync<bool>("SELECT to_regclass('half') IS NOT NULL"));
    }

    [Fact]
    public async Task Several_at_once_apply_everything_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            new Migrator(_database.Source, Migration.Embedded(), _ => { }).ApplyAsync(dryRun: false, CancellationToken.None)));

        Assert.Equal(Migration.Embedded().Count, applied.Sum());
    }

    [Fact]
    public async Task Two_databases_of_one_server_can_be_migrated_at_the_same_moment()
    {
        await using var other = await TestDatabase.CreateAsync(migrated: false);

        var applied = await Task.WhenAll(new[] { _database, other }.Select(database =>
            new Migrator(database.Source, Migration.Embedded(), _ => { }).ApplyAsync(dryRun: false, CancellationToken.None)));

        Assert.All(applied, count => Assert.Equal(Migration.Embedded().Count, count));
    }

    private Task<int> MigrateAsync(IReadOnlyList<Migration> migrations, bool dryRun = false) =>
        new Migrator(_database.Source, migrations, _said.Add).ApplyAsync(dryRun, CancellationToken.None);
}
