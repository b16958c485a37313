using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Refreshing;

public sealed class CandidateTests(TinyParts parts) : IClassFixture<TinyParts>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("candidate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_candidate_reads_the_size_of_the_serving_bundle_and_states_the_size_of_its_training()
    {
        var serving = parts.LargerBundle(40);
        var trained = StageRun.CheckpointOf(parts.RunFolder(shared: true), Stage.One);
        File.Copy(trained, StageRun.CheckpointOf(_folder, Stage.One));
        var reviews = parts.Reviews(0, 4);
        var request = new RefreshRequest
        {
            Serving = serving,
            Data = new RefreshDataBuilder(serving, serving.Manifest.Created, ReviewSplit.DefaultEvery)
                .Build(parts.Base, reviews, parts.Frozen),
            RunFolder = _folder,
            ModelsRoot = _folder,
            Version = "2",
            Schedule = new(),
        };

        var candidate = Candidate.Export(request, ServingNetwork.ReadAll(serving)[0], CancellationToken.None);
        Assert.Equal((40, 32), (candidate.Manifest.Preprocessing.Size, TrainedSize.Of(candidate.Manifest)));
        using var runner = new BundleRunner(candidate);
        Assert.Equal(parts.Frozen.Images.Count, runner.Run(parts.Frozen.Images, []).Count);
    }
}
