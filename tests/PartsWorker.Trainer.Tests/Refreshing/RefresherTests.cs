using System.Text.Json;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Refreshing;

/// <summary>Whole refreshes of a tiny bundle.</summary>
public sealed class RefresherTests(TinyParts parts) : IClassFixture<TinyParts>, IDisposable
{
    private const int Yellow = 5;
    private const int Violet = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("refresh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Useful_reviews_with_new_classes_give_a_better_version(bool shared)
    {
        var (result, code, printed, _) = Refresh(parts.Bundle(shared), UsefulReviews());

        Assert.True(result.Better, result.Reason);
        Assert.Equal(0, code);
        Assert.Equal(["yellow plate", "violet plate"], result.NewClasses);
        Assert.True(result.Recent.Candidate.FusedTop1 > 0.8, printed);
        Assert.True(result.Frozen.Candidate.FusedTop1 > 0.8, printed);
        Assert.Contains($"partsworker models register {result.Bundle}", printed, StringComparison.Ordinal);
        var made = ModelBundle.Open(result.Bundle!);
        Assert.Equal(["red", "green", "blue", "white", "black", "yellow", "violet"], made.Labels.Colors);
        Assert.Equal(result.Recent.Low, made.Manifest.Metrics["recentDifferenceLow"], 1e-4);
        Assert.Equal(result.Reason, made.Manifest.Data["verdict"]);
        Assert.Contains(result.Reason, File.ReadAllText(made.PathOf("MODEL_CARD.md")), StringComparison.Ordinal);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        Assert.True(BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images > 0);
    }

    [Fact]
    public void With_60_percent_wrong_reviews_nothing_is_written_and_the_exit_code_is_1()
    {
        var (result, code, printed, why) = Refresh(parts.Bundle(shared: true), WrongReviews());

        Assert.False(result.Better, printed);
        Assert.Equal(1, code);
        Assert.Null(result.Bundle);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
        Assert.StartsWith("partstrainer: not better: ", why, StringComparison.Ordinal);
        Assert.Single(why.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Keep_writes_a_version_that_is_not_better_and_the_exit_code_stays_1()
    {
        var (result, code, printed, why) = Refresh(parts.Bundle(shared: true), WrongReviews(), keep: true, json: true);

        Assert.Equal(1, code);
        Assert.Contains($"kept as {result.Bundle}", why, StringComparison.Ordinal);
        Assert.StartsWith("not better", ModelBundle.Open(result.Bundle!).Manifest.Data["verdict"], StringComparison.Ordinal);
        using var json = JsonDocument.Parse(printed);
        Assert.False(json.RootElement.GetProperty("better").GetBoolean());
        Assert.Equal(result.Recent.Low, json.RootElement.GetProperty("recent").GetProperty("difference_low").GetDouble());
    }

    [Fact]
    public void An_interrupted_run_continues_with_the_images_that_it_was_started_with()
    {
        var serving = parts.Bundle(shared: true);
        var request = Request(serving, UsefulReviews());
        request.Data.Save(request.RunFolder);
        using var stopped = new CancellationTokenSource();
        using var log = new StopsAtFirstLine(stopped);
        Assert.Null(new Refresher(request, log).Run(stopped.Token));

        var data = RefreshData.Load(request.RunFolder, serving.Key)!;
        Assert.Equal(request.Data.Training, data.Training);
        Assert.True(new Refresher(request with { Data = data }, TextWriter.Null).Run(CancellationToken.None)!.Better);
        var error = Assert.Throws<UserErrorException>(() => RefreshData.Load(request.RunFolder, "tiny@9"));
        Assert.Contains("this run refreshes tiny@1, not tiny@9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_candidate_reads_the_size_of_the_serving_bundle_and_states_the_size_of_its_training()
    {
        var serving = parts.LargerBundle(40);
        var request = Request(serving, [.. parts.Reviews(0, 4)]);
        File.Copy(StageRun.CheckpointOf(parts.RunFolder(shared: true), Stage.One), StageRun.CheckpointOf(request.RunFolder, Stage.One));

        var candidate = Candidate.Export(request, ServingNetwork.ReadAll(serving)[0], CancellationToken.None);

        Assert.Equal((40, 32), (candidate.Manifest.Preprocessing.Size, TrainedSize.Of(candidate.Manifest)));
        using var runner = new BundleRunner(candidate);
        Assert.Equal(parts.Frozen.Images.Count, runner.Run(parts.Frozen.Images, []).Count);
    }

    [Fact]
    public void A_candidate_keeps_the_thresholds_and_the_16_bit_rule_and_gets_no_detector_that_the_serving_bundle_lacks()
    {
        var draft = BundleDraft.From(parts.Bundle(shared: true));
        var thresholds = new UnknownThresholds { Confidence = 0.4, Similarity = 0.1 };
        var manifest = draft.Manifest with
        {
            Thresholds = thresholds, Preprocessing = draft.Manifest.Preprocessing with { SixteenBit = "12" },
        };
        var calibrated = (draft with { Manifest = manifest }).Write(Path.Combine(_folder, "models"), "strict");
        var request = Request(calibrated, [.. parts.Reviews(0, 4)]) with { Schedule = new() { Threads = 1, BatchSize = 24, Epochs = 1 } };

        new Refresher(request, TextWriter.Null).Run(CancellationToken.None);

        var candidate = ModelBundle.Open(Path.Combine(request.RunFolder, "candidate", calibrated.Name, request.Version)).Manifest;
        Assert.Equal(thresholds, candidate.Thresholds);
        Assert.Equal("12", candidate.Preprocessing.SixteenBit);
        Assert.Null(candidate.Detector);
    }

    [Fact]
    public void A_stop_between_two_images_ends_in_one_cancellation()
    {
        using var runner = new BundleRunner(parts.Bundle(shared: true), ExecutionDevice.Cpu);
        using var stop = new CancellationTokenSource();
        var stops = new StopsAtFirstImage(stop);

        Assert.ThrowsAny<OperationCanceledException>(() => runner.Run(parts.Frozen.Images, [], stops, cancel: stop.Token));
    }

    private Review[] UsefulReviews() =>
        [.. parts.Reviews(Yellow, 40), .. parts.Reviews(Violet, 40), .. parts.Reviews(0, 10), .. parts.Reviews(3, 10)];

    private Review[] WrongReviews() => [.. Enumerable.Range(0, TinyParts.Known).SelectMany(part => parts.Reviews(part, 40, wrong: 0.6f))];

    private (RefreshResult Result, int Code, string Printed, string Why) Refresh(
        ModelBundle serving, Review[] reviews, bool keep = false, bool json = false)
    {
        var result = new Refresher(Request(serving, reviews) with { Keep = keep }, TextWriter.Null).Run(CancellationToken.None)!;
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = RefreshCommand.Report(result, json, output, error);
        return (result, code, output.ToString(), error.ToString());
    }

    private RefreshRequest Request(ModelBundle serving, Review[] reviews) => new()
    {
        Serving = serving,
        Data = new RefreshDataBuilder(serving, serving.Manifest.Created, ReviewSplit.DefaultEvery).Build(parts.Base, reviews, parts.Frozen),
        RunFolder = Directory.CreateDirectory(Path.Combine(_folder, "refresh")).FullName,
        ModelsRoot = Path.Combine(_folder, "out"),
        Version = "2",
        Junk = parts.Junk,
        Schedule = new() { Threads = 1, BatchSize = 24, Epochs = 8, LearningRate = 3e-3f },
    };

    private sealed class StopsAtFirstImage(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }

    private sealed class StopsAtFirstLine(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            stop.Cancel();
        }
    }
}
