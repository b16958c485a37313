using PartsWorker.IntegrationTests.Support;
using PartsWorker.Reprocessing;

namespace PartsWorker.IntegrationTests.Reprocessing;

/// <summary>Runs whose command ended before their last image was classified.</summary>
public sealed class UnfinishedRunTests : IAsyncLifetime
{
    private const string Runs = "SELECT run_id, status, published, judged FROM reprocess_runs ORDER BY run_id";

    private static readonly ReprocessRequest Everything = new(
        "parts@2", SomeResult.Noon.AddDays(-1), SomeResult.Noon.AddDays(1), new ReprocessFilter());

    private static readonly ReprocessRequest Impatient = Everything with { GiveUpAfter = TimeSpan.FromMinutes(10) };
    private readonly Guid[] _images = [.. Enumerable.Range(1, 3).Select(last => new Guid(last, 0, 0, new byte[8]))];
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateWithModelsAsync();
        await ClassifyAsync("parts@1", _images);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Images_without_a_new_row_for_long_are_published_again_by_a_new_run()
    {
        await PublishAsync("published", upTo: _images[^1], published: 3);
        await ClassifyAsync("parts@2", _images[..2]);
        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);
        Assert.Equal(1, await StartAsync(Impatient));

        await LaterAsync();
        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);

        Assert.Equal(2, await StartAsync(Impatient));
        Assert.Equal(["1|incomplete|3|2", "2|publishing|0|0"], await _database.LinesAsync(Runs));
    }

    [Fact]
    public async Task A_run_that_the_workers_still_work_on_is_continued()
    {
        await PublishAsync("published", upTo: _images[^1], published: 3);
        await LaterAsync();
        await ClassifyAsync("parts@2", _images[..1]);
        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);

        Assert.Equal(1, await StartAsync(Impatient));
        Assert.Equal(["1|published|3|1"], await _database.LinesAsync(Runs));
    }

    [Fact]
    public async Task A_command_that_waits_continues_a_published_run_however_old_it_is()
    {
        await PublishAsync("published", upTo: _images[^1], published: 3);
        await LaterAsync();

        Assert.Equal(1, await StartAsync(Everything));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task A_run_that_was_stopped_is_done_when_no_image_of_its_window_is_left(int published)
    {
        await PublishAsync("publishing", upTo: published == 0 ? null : _images[published - 1], published);
        await ClassifyAsync("parts@2", _images[..2]);
        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);
        Assert.Equal([$"1|publishing|{published}|0"], await _database.LinesAsync(Runs));

        await ClassifyAsync("parts@2", _images);
        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);

        Assert.Equal([$"1|done|{published}|{published}"], await _database.LinesAsync(Runs));
    }

    [Fact]
    public async Task A_stopped_run_with_a_limit_is_done_when_as_many_images_are_classified()
    {
        var limited = Everything with { Filter = new() { Limit = 2 } };
        await PublishAsync("publishing", upTo: _images[1], published: 2, limited);
        await ClassifyAsync("parts@2", _images[..2]);

        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);

        Assert.Equal(["1|done|2|2"], await _database.LinesAsync(Runs));
    }

    [Fact]
    public async Task A_run_in_progress_is_not_closed_by_others()
    {
        await ClassifyAsync("parts@2", _images);
        await using var runs = await ReprocessRuns.OpenAsync(_database.Source, CancellationToken.None);
        await runs.StartAsync(Everything, 3, CancellationToken.None);

        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);

        Assert.Equal(["1|publishing|0|0"], await _database.LinesAsync(Runs));
    }

    private async Task PublishAsync(string status, Guid? upTo, int published, ReprocessRequest? request = null)
    {
        await using var runs = await ReprocessRuns.OpenAsync(_database.Source, CancellationToken.None);
        var run = await runs.StartAsync(request ?? Everything, 3, CancellationToken.None);
        if (upTo is { } image)
        {
            await runs.AdvanceAsync(run.RunId, new ReprocessCursor(SomeResult.Noon, image), published, CancellationToken.None);
        }

        await runs.RecordAsync(run.RunId, status, 0, CancellationToken.None);
    }

    private async Task<long> StartAsync(ReprocessRequest request)
    {
        await using var runs = await ReprocessRuns.OpenAsync(_database.Source, CancellationToken.None);
        return (await runs.StartAsync(request, 3, CancellationToken.None)).RunId;
    }

    private Task<int> LaterAsync() => _database.ExecuteAsync("UPDATE reprocess_runs SET progress_at = progress_at - interval '11 minutes'");

    private Task ClassifyAsync(string model, Guid[] images) =>
        _database.WriteAsync([.. images.Select(image => SomeResult.Row(image, model: model))]);
}
