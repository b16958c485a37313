using System.CommandLine;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Synthesis;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class ResumedRunTests : IDisposable
{
    private const string Network =
        "--preset parts --backbone resnet18t --width 0.125 --size 32 --embedding 16 --batch 50 --threads 1 --validation 0";
    private readonly string _folder = Directory.CreateTempSubdirectory("resumed-").FullName;

    private string Checkpoint => StageRun.CheckpointOf(_folder, Stage.One);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_resumed_run_reports_each_ignored_option_and_that_it_is_complete()
    {
        Train("--steps 4");
        var lines = Train("--steps 8 --lr 0.5 --freeze conv1");
        Assert.Equal(
            [
                "stage1: ignored --steps 8: the run was started with 4",
                "stage1: ignored --lr 0.5: the run was started with 0.0025",
                "stage1: ignored --freeze conv1: the run was started with none",
                "stage1: already complete at step 4. To train longer, "
                    + $"start a new run from its weights: --run NEW --weights {Checkpoint}",
            ],
            lines);
    }

    [Fact]
    public void The_same_command_ignores_nothing()
    {
        Train("--epochs 1");
        Assert.StartsWith("stage1: already complete at step 1.", Assert.Single(Train("--epochs 1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_classes_is_rejected_with_one_line()
    {
        Train("--steps 4");
        var error = Assert.Throws<UserErrorException>(() => Train("--steps 4", classes: 3));
        Assert.Contains("the run has 2 classes, but ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_meta_model_of_another_size_is_refused_before_it_is_trained()
    {
        Train("--steps 1");
        var command = TrainCommand.Create().Parse(
            $"--data {Path.Combine(_folder, "images2")} --split train --run {_folder} --stage two --preset compact --size 48 --skip-check");

        var error = Assert.Throws<UserErrorException>(() => command.Invoke(new() { EnableDefaultExceptionHandler = false }));

        Assert.Equal(
            $"{_folder}: the embedder has 32 px and the meta model would have 48 px; add --size 32", error.Message);
        Assert.False(File.Exists(StageRun.CheckpointOf(_folder, Stage.Two)));
    }

    private string[] Train(string options, int classes = 2)
    {
        var images = Path.Combine(_folder, $"images{classes}");
        if (!Directory.Exists(images))
        {
            new Synthesizer(new SynthesisPlan { Classes = classes, PerClass = 6, Size = 32, Threads = 1, Only = "train" }, images).Run();
        }

        var given = new TrainCommandOptions();
        var command = new Command("train");
        foreach (var option in given.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse($"--run {_folder} {Network} {options}");
        Assert.Empty(parsed.Errors);
        var console = new StringWriter();
        var run = new StageRun(DataFolder.Open(images, "train"), _folder, Path.Combine(_folder, "cache"), 1, console, Terminal: false);
        Assert.Equal(Ending.Complete, run.Run(Stage.One, given.Adjust(parsed, given.FindPreset(parsed).One), CancellationToken.None));
        return console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
