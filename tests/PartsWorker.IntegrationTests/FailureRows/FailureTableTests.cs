using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.FailureRows;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.FailureRows;

public sealed class FailureTableTests : IAsyncLifetime
{
    private readonly Guid _image = Guid.NewGuid();
    private TestDatabase _database = null!;
    private FailureTable _table = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _table = new FailureTable(_database.Source, "parts", TimeProvider.System);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task An_image_is_retried_then_dead_then_waiting_then_stored()
    {
        await WriteAsync(Row(FailureStatus.Retried, attempts: 1) with { RetryAfter = TimeSpan.FromSeconds(30) });
        Assert.Equal(["retried|missing-image|1|True"], await StatusAsync());
        Assert.Empty(await _database.LinesAsync("SELECT FROM dead_letters"));

        await WriteAsync(Row(FailureStatus.Dead, attempts: 4));
        Assert.Equal(["dead|missing-image|4|False"], await StatusAsync());
        Assert.Equal(["A|cam-1|file:///images/1.jpg|4711|missing-image|no such file|4"], await _database.LinesAsync(
            "SELECT line, camera, uri, attributes ->> 'order', reason, error, attempts FROM dead_letters"));

        var begin = await _table.NowAsync(CancellationToken.None);
        await _table.WriteAsync([Row(FailureStatus.Waiting, attempts: 4)], begin, CancellationToken.None);
        Assert.Equal(["waiting|missing-image|4|False"], await StatusAsync());
        Assert.Empty(await _database.LinesAsync("SELECT FROM dead_letters"));

        var writer = new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        await writer.WriteAsync([SomeResult.Row(_image)], CancellationToken.None);
        Assert.Equal(["stored|NULL|NULL|False"], await StatusAsync());
    }

    [Fact]
    public async Task A_message_that_failed_again_after_its_replay_stays_a_dead_letter()
    {
        await WriteAsync(Row(FailureStatus.Dead, attempts: 1));
        var begin = await _table.NowAsync(CancellationToken.None);
        await WriteAsync(Row(FailureStatus.Dead, attempts: 2));

        await _table.WriteAsync([Row(FailureStatus.Waiting, attempts: 1)], begin, CancellationToken.None);

        Assert.Equal(["dead|missing-image|2|False"], await StatusAsync());
    }

    [Fact]
    public async Task Rows_without_a_letter_are_removed_unless_they_are_newer_than_the_reading()
    {
        var (gone, present) = (Row(FailureStatus.Dead, 1, "1"), Row(FailureStatus.Dead, 1, "2"));
        await WriteAsync(gone);
        await WriteAsync(present);
        var begin = await _table.NowAsync(CancellationToken.None);
        await WriteAsync(Row(FailureStatus.Dead, 1, "3"));

        Assert.Equal(1, await _table.RemoveOthersAsync([present.FailureId], begin, CancellationToken.None));

        Assert.Equal(
            ["dead|2", "removed|1"], await _database.LinesAsync("SELECT status, count(*) FROM failures GROUP BY status ORDER BY 1"));
    }

    [Fact]
    public async Task Installations_that_share_a_database_remove_only_their_own_rows()
    {
        var hall = new FailureTable(_database.Source, "hall-a", TimeProvider.System);
        await WriteAsync(Row(FailureStatus.Dead, 1, "1"));
        await hall.WriteAsync([Row(FailureStatus.Dead, 1, "2")], failedBefore: null, CancellationToken.None);

        Assert.Equal(1, await hall.RemoveOthersAsync([], await _table.NowAsync(CancellationToken.None), CancellationToken.None));

        Assert.Equal(["1|parts"], await _database.LinesAsync("SELECT error, prefix FROM dead_letters"));
    }

    [Fact]
    public async Task A_row_from_before_prefixes_were_recorded_goes_to_the_installation_that_has_its_letter()
    {
        var row = Row(FailureStatus.Dead, 1);
        await WriteAsync(row);
        await _database.ExecuteAsync("UPDATE failures SET prefix = NULL");
        var hall = new FailureTable(_database.Source, "hall-a", TimeProvider.System);

        Assert.Equal(1, await hall.RemoveOthersAsync([], await _table.NowAsync(CancellationToken.None), CancellationToken.None));
        await _table.WriteAsync([row], await _table.NowAsync(CancellationToken.None), CancellationToken.None);

        Assert.Equal(["1|parts"], await _database.LinesAsync("SELECT attempts, prefix FROM dead_letters"));
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_has_a_row_too()
    {
        var row = FailureRow.Of(
            new byte[] { 0, 0xFF }, null, "text\0", null, "image.live.A.c\0m", Lane.Live, FailureStatus.Dead) with
        {
            Reason = "bad-message", Error = "the body \0 \uD800 is not UTF-8",
        };

        await WriteAsync(row);

        Assert.Equal(["NULL|A|c\uFFFDm|the body \uFFFD \uFFFD is not UTF-8"], await _database.LinesAsync(
            "SELECT image_id, line, camera, error FROM dead_letters"));
    }

    [Fact]
    public async Task The_row_of_a_failure_waits_for_the_database_and_is_written_when_it_is_back()
    {
        var state = new WorkerState(TimeProvider.System);
        var dependency = new Dependency("rows", 1, state, TimeProvider.System, NullLogger<Dependency>.Instance);
        var rows = new PartFailureRows(_table, "worker-1", dependency, state, NullLogger<PartFailureRows>.Instance);
        await _database.ExecuteAsync("ALTER TABLE failures RENAME TO away");

        var writing = rows.WriteAsync(Row(FailureStatus.Dead, attempts: 1), CancellationToken.None);
        while (!state.Problems.ContainsKey("rows"))
        {
            await Task.Delay(10);
        }

        Assert.Equal("the database is not migrated: run `partsworker migrate`", state.Problems["rows"]);
        Assert.False(writing.IsCompleted);
        await _database.ExecuteAsync("ALTER TABLE away RENAME TO failures");
        await writing.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["worker-1"], await _database.LinesAsync("SELECT worker FROM dead_letters"));
        Assert.False(state.Problems.ContainsKey("rows"));
    }

    [Fact]
    public async Task Retention_deletes_old_failures_and_keeps_dead_letters()
    {
        await WriteAsync(Row(FailureStatus.Dead, 1, "1"));
        await WriteAsync(Row(FailureStatus.Retried, 1, "2"));
        await WriteAsync(Row(FailureStatus.Retried, 1, "3"));
        await _database.ExecuteAsync("UPDATE failures SET failed_at = now() - interval '2 years' WHERE error <> '3'");

        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT delete_failures_before(now() - interval '1 year', true)"));
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT delete_failures_before(now() - interval '1 year', false)"));

        Assert.Equal(["dead|1", "retried|3"], await _database.LinesAsync("SELECT status, error FROM failures ORDER BY error"));
    }

    [Fact]
    public async Task A_worker_and_an_operator_have_the_rights_that_this_needs()
    {
        foreach (var role in new[] { "partsworker_writer", "partsworker_operator" })
        {
            await using var source = await _database.OpenAsAsync(role);
            var table = new FailureTable(source, "parts", TimeProvider.System);
            await table.ProbeAsync(CancellationToken.None);
            await table.WriteAsync([Row(FailureStatus.Dead, 1)], null, CancellationToken.None);
            await table.WriteAsync([Row(FailureStatus.Removed, 1)], await table.NowAsync(CancellationToken.None), CancellationToken.None);
            await table.RemoveOthersAsync([], await table.NowAsync(CancellationToken.None), CancellationToken.None);
        }

        await using var reader = await _database.OpenAsAsync("partsworker_reader");
        var readOnly = new FailureTable(reader, "parts", TimeProvider.System);
        var refused = await Assert.ThrowsAsync<PartFailureException>(
            () => readOnly.WriteAsync([Row(FailureStatus.Dead, 1)], null, CancellationToken.None));
        Assert.Contains("permission denied for table failures", refused.Message, StringComparison.Ordinal);
    }

    private FailureRow Row(FailureStatus status, int attempts, string error = "no such file")
    {
        var reference = new ImageReference
        {
            ImageId = _image, Uri = "file:///images/1.jpg", Line = "A", Camera = "cam-1", CapturedAt = SomeResult.Noon,
            Attributes = new Dictionary<string, string> { ["order"] = "4711" },
        };
        var messageId = error == "no such file" ? _image.ToString() : error;
        return FailureRow.Of(
            ImageReferenceCodec.Encode(reference), "application/json", messageId, null, "image.live.A.cam-1", Lane.Live, status) with
        {
            Reason = "missing-image", Stage = "load", Error = error, Attempts = attempts,
        };
    }

    private Task<int> WriteAsync(FailureRow row) => _table.WriteAsync([row], failedBefore: null, CancellationToken.None);

    private Task<List<string>> StatusAsync() =>
        _database.LinesAsync($"SELECT status, reason, attempts, retry_at > now() IS TRUE FROM image_status WHERE image_id = '{_image}'");
}
