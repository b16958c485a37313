using System.Text;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline;

public class PartsPipelineTests
{
    [Fact]
    public async Task A_stage_that_faults_ends_the_worker_instead_of_leaving_it_standing()
    {
        using var bench = new PipelineBench();
        bench.BeforeWrite = () => throw new InvalidOperationException("a mistake in the program");
        bench.Publish(1, classId: 3);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => bench.UntilAsync(() => false));

        Assert.Equal("a mistake in the program", fault.Message);
    }

    [Fact]
    public async Task Every_part_is_classified_stored_and_acknowledged_once()
    {
        using var bench = new PipelineBench();
        for (ulong tag = 1; tag <= 200; tag++)
        {
            bench.Publish(tag, (byte)(tag % 10), tag % 3 == 0 ? Lane.Reprocess : Lane.Live);
        }

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count >= 200);
        await bench.StopAsync();

        Assert.Equal(Enumerable.Range(1, 200).Select(i => (ulong)i), bench.Acknowledger.Tags.Order());
        Assert.Equal(200, bench.Rows.Select(r => r.ImageId).Distinct().Count());
        Assert.All(bench.Rows, row => Assert.Equal($"class-{FirstByteOf(row.Uri) % 10}", row.ClassName));
        Assert.All(bench.Model.BatchSizes, size => Assert.InRange(size, 1, 8));
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_its_row_is_committed()
    {
        using var bench = new PipelineBench();
        var commit = new TaskCompletionSource();
        var writing = new TaskCompletionSource();
        bench.BeforeWrite = () =>
        {
            writing.TrySetResult();
            return commit.Task;
        };
        bench.Publish(1, 5);
        await writing.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(bench.Acknowledger.Tags);

        commit.SetResult();
        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task As_many_batches_run_at_once_as_the_model_gains_by(int inFlight)
    {
        using var bench = new PipelineBench();
        bench.Model.InFlight = inFlight;
        bench.Model.Gate = new SemaphoreSlim(0);
        for (ulong tag = 1; tag <= 16; tag++)
        {
            bench.Publish(tag, 1);
        }

        // The first batch has 1 to 8 of them, so that at least a full one is left; one batch that forms and a full lane hold the rest.
        await bench.UntilAsync(() => bench.Model.Prepared == 16 && bench.Model.Running == inFlight);
        Assert.Empty(bench.Rows);

        bench.Model.Gate.Release(1000);
        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 16);
        await bench.StopAsync();
        Assert.Equal(inFlight, bench.Model.MostRunning);
    }

    [Fact]
    public async Task A_poisoned_part_stands_alone_and_its_batch_passes()
    {
        using var bench = new PipelineBench();
        bench.Model.Gate = new SemaphoreSlim(0);
        for (ulong tag = 1; tag <= 16; tag++)
        {
            bench.Publish(tag, tag == 11 ? FakeModel.Poison : (byte)1);
        }

        // While the first batch waits at the gate the others gather, so that the poisoned part has company.
        await bench.UntilAsync(() => bench.Model.Prepared == 16);
        bench.Model.Gate.Release(1000);
        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 16);
        await bench.StopAsync();

        Assert.Equal(15, bench.Rows.Count);
        var (_, failure) = Assert.Single(bench.Failed);
        Assert.Equal((FailureKind.ModelFailure, Recovery.Permanent), (failure.Kind, failure.Recovery));
    }

    [Fact]
    public async Task A_model_that_fails_on_everything_condemns_nobody()
    {
        using var bench = new PipelineBench();
        for (ulong tag = 1; tag <= 4; tag++)
        {
            bench.Publish(tag, FakeModel.Poison);
        }

        await bench.UntilAsync(() => bench.Failed.Count == 4);
        await bench.StopAsync();

        Assert.All(bench.Failed, f => Assert.Equal(Recovery.Transient, f.Failure.Recovery));
    }

    [Fact]
    public async Task Nothing_is_taken_from_the_broker_before_a_model_is_loaded()
    {
        using var bench = new PipelineBench(loaded: false);
        bench.Publish(1, 5);
        await Task.Delay(100);
        Assert.False(bench.IsReceiving);

        bench.ModelLoaded.SetResult();

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();
    }

    [Fact]
    public async Task A_worker_without_a_model_stops_when_told_to()
    {
        using var bench = new PipelineBench(loaded: false);

        await bench.StopAsync();
    }

    [Fact]
    public async Task While_the_database_is_away_parts_wait_and_no_attempt_is_burned()
    {
        using var bench = new PipelineBench();
        var outages = 2;
        bench.BeforeWrite = () => Interlocked.Decrement(ref outages) >= 0
            ? Task.FromException(new PartFailureException(FailureKind.StoreFailure, Recovery.WithDependency, "database is away"))
            : Task.CompletedTask;
        bench.Publish(1, 5);
        await bench.UntilAsync(() => bench.State.Problems.ContainsKey("database"));
        Assert.Empty(bench.Acknowledger.Tags);

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();

        Assert.Empty(bench.Failed);
        Assert.Single(bench.Rows);
        Assert.DoesNotContain("database", bench.State.Problems.Keys);
    }

    [Theory]
    [InlineData("not json", "bad-message")]
    [InlineData("""{"uri":"file:///x.jpg","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z"}""", "bad-message")]
    [InlineData(
        """{"imageId":"6f1c3a52-9d4e-4f0a-8a51-0b7f3f1c9d11","uri":"file:///etc/passwd","line":"A","camera":"c","""
        + "\"capturedAt\":\"2026-05-04T06:00:00Z\"}",
        "forbidden-reference")]
    public async Task A_bad_message_is_routed_with_its_kind_and_does_not_affect_other_parts(string body, string kind)
    {
        using var bench = new PipelineBench();
        bench.Publish(1, 5);
        bench.Publish(2, Encoding.UTF8.GetBytes(body));
        bench.Publish(3, 6);

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 3);
        await bench.StopAsync();

        Assert.Equal(2, bench.Rows.Count);
        Assert.Equal(kind, Assert.Single(bench.Failed).Failure.Kind.ToHeader());
    }

    [Fact]
    public async Task What_is_given_up_stays_unacknowledged()
    {
        using var bench = new PipelineBench();
        var writing = new TaskCompletionSource();
        bench.BeforeWrite = () =>
        {
            writing.TrySetResult();
            return Task.Delay(Timeout.Infinite);
        };
        bench.Publish(1, 5);
        await writing.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await bench.AbortAsync();

        Assert.Empty(bench.Acknowledger.Tags);
        Assert.Empty(bench.Failed);
    }

    [Fact]
    public async Task A_shadow_classifies_beside_the_active_model_and_the_message_is_acknowledged_once_after_both()
    {
        using var shadow = new FakeModel("shadow@2");
        using var bench = new PipelineBench(shadow);
        bench.Publish(1, 5);

        await bench.UntilAsync(() => bench.Rows.Count == 2 && bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();

        Assert.Equal([("fake@1", false), ("shadow@2", true)], bench.Rows.Select(r => (r.ModelKey, r.Shadow)).Order());
    }

    [Fact]
    public async Task A_shadow_that_fails_to_load_leaves_the_message_to_its_part()
    {
        using var shadow = new FakeModel("shadow@2") { BeforePrepare = () => throw new InvalidOperationException("the shadow fails") };
        using var bench = new PipelineBench(shadow);
        bench.Publish(1, 5);

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();

        Assert.Equal("fake@1", Assert.Single(bench.Rows).ModelKey);
        Assert.Empty(bench.Failed);
    }

    [Fact]
    public async Task An_error_of_our_own_while_loading_is_an_internal_error_that_time_may_heal()
    {
        using var bench = new PipelineBench();
        string? nothing = null;
        bench.Model.BeforePrepare = () => _ = nothing!.Length;
        bench.Publish(1, 5);

        await bench.UntilAsync(() => bench.Failed.Count == 1);
        await bench.StopAsync();

        var failure = Assert.Single(bench.Failed).Failure;
        Assert.Equal(("internal-error", Recovery.Transient), (failure.Kind.ToHeader(), failure.Recovery));
        Assert.IsType<NullReferenceException>(failure.InnerException);
        Assert.Matches("^Internal error while loading image [0-9a-f]{8}-[0-9a-f-]{27};", Assert.Single(bench.LoaderLog.Entries).Line);
    }

    [Fact]
    public async Task Whatever_the_decoder_throws_is_an_unreadable_image()
    {
        using var bench = new PipelineBench();
        using var preprocessor = new Preprocessor(new StumblingDecoder(), new PreprocessingRecipe { Size = 8 }, new DecodeLimits());
        bench.Model.BeforePrepare = () => preprocessor.Prepare([1], new byte[preprocessor.ImageBytes]);
        bench.Publish(1, 5);

        await bench.UntilAsync(() => bench.Failed.Count == 1);
        await bench.StopAsync();

        var failure = Assert.Single(bench.Failed).Failure;
        Assert.Equal((FailureKind.UnreadableImage, Recovery.Permanent), (failure.Kind, failure.Recovery));
    }

    private static int FirstByteOf(string uri) => int.Parse(Path.GetFileNameWithoutExtension(uri));

    private sealed class StumblingDecoder : IImageDecoder
    {
        public string Name => "stumbling";

        public void Decode(ReadOnlySpan<byte> encoded, DecodeRequest request, DecodedImage into) => _ = encoded[1];
    }
}
