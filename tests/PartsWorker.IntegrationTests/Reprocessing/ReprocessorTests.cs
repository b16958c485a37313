using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Client;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Reprocessing;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Reprocessing;

public sealed class ReprocessorTests : IAsyncLifetime
{
    private static readonly ReprocessRequest Everything = new(
        "parts@2", SomeResult.Noon.AddDays(-1), SomeResult.Noon.AddDays(1), new ReprocessFilter());
    private readonly ConcurrentQueue<Guid> _published = [];
    private readonly ReprocessOptions _options = new()
    {
        PageSize = 10,
        PollInterval = TimeSpan.FromMilliseconds(100),
        Patience = TimeSpan.FromSeconds(30),
    };

    private TestDatabase _database = null!;
    private Guid[] _images = [];

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync(
            $"INSERT INTO models (model, name, version, bundle_sha256) VALUES ('parts@2', 'parts', '2', '{new string('0', 64)}')");
        _images = Enumerable.Range(0, 45).Select(_ => Guid.NewGuid()).ToArray();
        await ClassifyAsync("parts@1", _images);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Every_image_that_the_model_has_not_classified_is_published_once()
    {
        await ClassifyAsync("parts@2", _images[..5]);

        var outcome = await RunAsync(Everything, PublishAndClassifyAsync, wait: true);

        Assert.Equal((40, 40, 0), (outcome.Published, outcome.Classified, outcome.Left));
        Assert.Equal(_images[5..].Order(), _published.Order());
        Assert.Equal(["done|40|40|40"], await _database.LinesAsync("SELECT status, selected, published, judged FROM reprocess_runs"));
    }

    [Fact]
    public async Task A_shadow_row_counts_as_not_classified()
    {
        await WriteAsync(SomeResult.Row(_images[0], model: "parts@2") with { Shadow = true });

        Assert.Equal(45, await new ReprocessSelection(_database.Source, Everything).CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_killed_run_goes_on_where_it_stopped_and_makes_no_second_row()
    {
        var calls = 0;
        Task DieInTheThirdPage(ImageReference reference, CancellationToken token) =>
            Interlocked.Increment(ref calls) == 25 ? throw new IOException("killed") : PublishAndClassifyAsync(reference, token);
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Everything, DieInTheThirdPage, wait: true));
        Assert.Equal(["publishing|45|20"], await _database.LinesAsync("SELECT status, selected, published FROM reprocess_runs"));

        var outcome = await RunAsync(Everything, PublishAndClassifyAsync, wait: true);

        Assert.Equal(0, outcome.Left);
        Assert.Equal(["done|45"], await _database.LinesAsync("SELECT status, selected FROM reprocess_runs"));
        Assert.Equal(45, await _database.ScalarAsync<long>("SELECT count(*) FROM classifications WHERE model = 'parts@2'"));
        Assert.DoesNotContain(_published.GroupBy(image => image), image => image.Count() > 1);
    }

    [Fact]
    public async Task A_run_that_was_killed_before_an_image_was_classified_does_not_publish_its_pages_again()
    {
        var calls = 0;
        Task PublishOnly(ImageReference reference, CancellationToken token)
        {
            _published.Enqueue(reference.ImageId);
            return Interlocked.Increment(ref calls) == 21 ? throw new IOException("killed") : Task.CompletedTask;
        }

        await Assert.ThrowsAsync<IOException>(() => RunAsync(Everything, PublishOnly, wait: false));
        await RunAsync(Everything, PublishOnly, wait: false);

        // The page in hand at the kill, and only it, is published again.
        Assert.True(_published.GroupBy(image => image).Count(image => image.Count() > 1) <= _options.PageSize);
        Assert.Equal(45, _published.Distinct().Count());
    }

    [Fact]
    public async Task A_run_that_was_killed_while_it_waited_publishes_nothing_again()
    {
        using var killed = new CancellationTokenSource();
        Task PublishOnly(ImageReference reference, CancellationToken token)
        {
            _published.Enqueue(reference.ImageId);
            return Task.CompletedTask;
        }

        var waiting = RunAsync(Everything, PublishOnly, wait: true, cancellationToken: killed.Token);
        while (await _database.ScalarAsync<long>("SELECT count(*) FROM reprocess_runs WHERE published = 45") == 0)
        {
            await Task.Delay(20);
        }

        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await ClassifyAsync("parts@2", _images[..44]);
        var again = RunAsync(Everything, PublishAndClassifyAsync, wait: true);
        await ClassifyAsync("parts@2", _images[44..]);

        Assert.Equal((45, 45, 0), ((await again).Published, (await again).Classified, (await again).Left));
        Assert.Equal(45, _published.Count);
        Assert.Equal(["1|done|45"], await _database.LinesAsync("SELECT run_id, status, judged FROM reprocess_runs"));
    }

    [Fact]
    public async Task A_run_that_is_stopped_before_its_first_row_is_published()
    {
        using var stopped = new CancellationTokenSource(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RunAsync(Everything, (_, _) => Task.CompletedTask, wait: true, cancellationToken: stopped.Token));

        Assert.Equal(["published|45|0"], await _database.LinesAsync("SELECT status, published, judged FROM reprocess_runs"));
    }

    [Fact]
    public async Task A_run_without_a_waiting_command_is_done_when_its_rows_exist()
    {
        await RunAsync(
            Everything with { Filter = new() { Decision = "accepted", Class = "red plate" } }, (_, _) => Task.CompletedTask, wait: false);
        const string Progress = "SELECT status, published, judged, not_judged FROM reprocess_progress";
        Assert.Equal(["published|45|0|45"], await _database.LinesAsync(Progress));

        await ClassifyAsync("parts@2", _images[..40]);
        Assert.Equal(["published|45|40|5"], await _database.LinesAsync(Progress));
        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);
        Assert.Equal(["published"], await _database.LinesAsync("SELECT status FROM reprocess_runs"));

        await ClassifyAsync("parts@2", _images[40..]);
        Assert.Equal(["done|45|45|0"], await _database.LinesAsync(Progress));
        await ReprocessRuns.CloseFinishedAsync(_database.Source, CancellationToken.None);
        Assert.Equal(["done|45|True"], await _database.LinesAsync("SELECT status, judged, finished_at IS NOT NULL FROM reprocess_runs"));
    }

    [Fact]
    public async Task A_run_whose_images_are_gone_ends_as_incomplete_and_the_same_command_tries_them_again()
    {
        var impatient = new ReprocessOptions { PageSize = 50, PollInterval = TimeSpan.FromMilliseconds(
            100), Patience = TimeSpan.FromSeconds(1) };
        Task ClassifyAllButOne(ImageReference reference, CancellationToken token) =>
            reference.ImageId == _images[7] ? Task.CompletedTask : PublishAndClassifyAsync(reference, token);

        Assert.Equal(1, (await RunAsync(Everything, ClassifyAllButOne, wait: true, impatient)).Left);
        Assert.Equal(["incomplete|45|44"], await _database.LinesAsync("SELECT status, published, judged FROM reprocess_runs"));

        Assert.Equal((1, 0), await AgainAsync());

        async Task<(long, long)> AgainAsync()
        {
            var outcome = await RunAsync(Everything, PublishAndClassifyAsync, wait: true);
            return (outcome.Published, outcome.Left);
        }
    }

    [Fact]
    public async Task No_more_than_the_bound_is_published_and_not_classified()
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        Task PublishOnly(ImageReference reference, CancellationToken token)
        {
            _published.Enqueue(reference.ImageId);
            return Task.CompletedTask;
        }

        var bounded = new ReprocessOptions { MaxOutstanding = 20, PageSize = 10 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RunAsync(Everything, PublishOnly, wait: false, bounded, cancellationToken: enough.Token));

        Assert.InRange(_published.Count, 21, 30);
    }

    [Fact]
    public async Task Unreadable_images_hold_up_a_run_once_and_not_at_every_page()
    {
        var time = new SkippingTime();
        var bounded = new ReprocessOptions { MaxOutstanding = 20, PageSize = 10, PollInterval = TimeSpan.FromSeconds(5) };

        var outcome = await RunAsync(Everything, (_, _) => Task.CompletedTask, wait: false, bounded, time);

        Assert.Equal((45, 45), (outcome.Published, outcome.Left));
        Assert.InRange(time.Skipped, bounded.Patience, 1.5 * bounded.Patience);
    }

    [Fact]
    public async Task Images_that_are_stored_during_a_run_are_left_to_the_next_one()
    {
        var late = Guid.NewGuid();
        var calls = 0;
        async Task StoreAnotherImage(ImageReference reference, CancellationToken token)
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await ClassifyAsync("parts@1", [late], SomeResult.Noon.AddHours(1));
            }

            await PublishAndClassifyAsync(reference, token);
        }

        var outcome = await RunAsync(Everything, StoreAnotherImage, wait: true);

        Assert.Equal((45, 45, 0), (outcome.Published, outcome.Classified, outcome.Left));
        Assert.DoesNotContain(late, _published);
        Assert.Equal(1, (await RunAsync(Everything, PublishAndClassifyAsync, wait: true)).Published);
        Assert.Contains(late, _published);
    }

    [Fact]
    public async Task Two_runs_of_one_model_over_the_same_images_are_refused_but_not_over_others()
    {
        await using var first = await ReprocessRuns.OpenAsync(_database.Source, CancellationToken.None);
        await first.StartAsync(Everything, 45, CancellationToken.None);
        await using var second = await ReprocessRuns.OpenAsync(_database.Source, CancellationToken.None);

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => second.StartAsync(Everything with { From = SomeResult.Noon }, 45, CancellationToken.None));

        Assert.StartsWith("run 1 of ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        var nextDay = Everything with { From = Everything.To, To = Everything.To.AddDays(1) };
        Assert.Equal(2, (await second.StartAsync(nextDay, 1, CancellationToken.None)).RunId);
    }

    [Theory]
    [InlineData("line", 1)]
    [InlineData("camera", 1)]
    [InlineData("class", 1)]
    [InlineData("confidence", 2)]
    [InlineData("decision", 1)]
    [InlineData("window", 0)]
    public async Task A_filter_selects_the_matching_images(string filter, long expected)
    {
        await WriteAsync(
            SomeResult.Row() with { Line = "B" }, SomeResult.Row() with { Camera = "cam-2" }, SomeResult.Row(
                className: "blue plate") with { Confidence = 0.4f }, SomeResult.Unknown(Guid.NewGuid()));
        var request = filter switch
        {
            "line" => Everything with { Filter = new() { Line = "B" } },
            "camera" => Everything with { Filter = new() { Camera = "cam-2" } },
            "class" => Everything with { Filter = new() { Class = "blue plate" } },
            "confidence" => Everything with { Filter = new() { MaxConfidence = 0.5f } },
            "decision" => Everything with { Filter = new() { Decision = "unknown" } },
            _ => Everything with { From = SomeResult.Noon.AddDays(-1), To = SomeResult.Noon },
        };

        Assert.Equal(expected, await new ReprocessSelection(_database.Source, request).CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_limit_takes_the_oldest()
    {
        await ClassifyAsync("parts@1", [Guid.NewGuid()], SomeResult.Noon.AddHours(-1));

        var outcome = await RunAsync(Everything with { Filter = new() { Limit = 3 } }, PublishAndClassifyAsync, wait: true);

        Assert.Equal((3, 3), (outcome.Published, outcome.Classified));
        Assert.Equal(45 + 1 - 3, await new ReprocessSelection(_database.Source, Everything).CountAsync(CancellationToken.None));
    }

    private async Task<ReprocessOutcome> RunAsync(
        ReprocessRequest request, Func<ImageReference, CancellationToken, Task> publish, bool wait, ReprocessOptions? options = null,
        TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        await using var runs = await ReprocessRuns.OpenAsync(_database.Source, CancellationToken.None);
        var selection = new ReprocessSelection(_database.Source, request);
        var run = await runs.StartAsync(request, await selection.CountAsync(CancellationToken.None), CancellationToken.None);
        return await new Reprocessor(
            runs,
            selection,
            publish,
            options ?? _options,
            time ?? TimeProvider.System,
            _ => { }).RunAsync(run, request.Filter.Limit, wait, cancellationToken);
    }

    private async Task PublishAndClassifyAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        _published.Enqueue(reference.ImageId);
        await WriteAsync(SomeResult.Row(reference.ImageId, reference.CapturedAt, "parts@2") with { Lane = "reprocess" });
    }

    private Task ClassifyAsync(string model, Guid[] images, DateTimeOffset? at = null) =>
        WriteAsync([.. images.Select(image => SomeResult.Row(image, at, model))]);

    private async Task WriteAsync(params ResultRow[] rows)
    {
        var writer = new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync(rows, CancellationToken.None));
    }
}
