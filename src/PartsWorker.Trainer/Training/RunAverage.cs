using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// The mean of the weights and running statistics of several runs that start from the same trained weights: a model soup (Wortsman et al.
/// 2022, arXiv 2203.05482). Runs that start from random heads cannot be averaged, because their embeddings point in unrelated directions.
/// </summary>
internal static class RunAverage
{
    /// <summary>Loads the network of a stage of each run; empty if the first run has no such stage.</summary>
    /// <exception cref="UserErrorException">The runs do not belong together; the message names the run and the reason.</exception>
    public static IReadOnlyList<Checkpoint> Load(IReadOnlyList<string> runs, Stage stage)
    {
        if (runs.Count < 2)
        {
            throw new UserErrorException("--run: give at least two runs to average");
        }

        if (stage == Stage.Two && !File.Exists(StageRun.CheckpointOf(runs[0], stage)))
        {
            return [];
        }

        var saved = runs.Select(run => Load(run, stage)).ToArray();
        for (var i = 0; i < saved.Length; i++)
        {
            Check(runs[i], saved[i], runs[0], saved[0]);
        }

        return saved;
    }

    /// <summary>Writes the average as the checkpoint of a complete run, without the state of an optimizer.</summary>
    public static void Write(string path, IReadOnlyList<Checkpoint> runs)
    {
        var weights = runs.Select(r => r.Result).ToArray();
        var options = runs[0].Options with { AveragedSeeds = [.. runs.Select(r => r.Options.Seed)] };
        var progress = runs[0].Progress with { Seconds = runs.Sum(r => r.Progress.Seconds) };
        Checkpoint.Save(
            path,
            options,
            progress,
            [.. weights[0].Select(t => new TensorSource(t.Key, t.Value.Shape, () => Mean([.. weights.Select(w => w[t.Key].Data)])))]);
    }

    private static Checkpoint Load(string run, Stage stage)
    {
        var path = StageRun.CheckpointOf(run, stage);
        return File.Exists(path) ? Checkpoint.LoadWeights(path) : throw new UserErrorException($"{path} not found; train it first");
    }

    private static void Check(string run, Checkpoint saved, string first, Checkpoint reference)
    {
        var (own, other) = (saved.Options, reference.Options);
        var problem =
            !saved.IsComplete ? $"it is not complete (step {saved.Progress.Step} of {own.Steps}); continue it with train"
            : own.Weights is null || StartingWeights.Named(own.Weights) is not null
                ? $"it started from {own.Weights ?? "random weights"}, and its embedding layer from random weights; start all runs from a "
                    + "trained run: train --weights RUN/one.ckpt"
            : own.Weights != other.Weights ? $"it started from {own.Weights}, but {first} from {other.Weights}"
            : own.Network != other.Network ? $"it has another network than {first}"
            : (own.ClassFolds, own.ClassFold) != (other.ClassFolds, other.ClassFold)
                ? $"it left out other classes than {first}; train all runs with the same --leave-classes-out and --fold"
            : own.AsideForValidation != other.AsideForValidation
                ? $"it set other images aside for validation than {first}; train all runs with the same --validation and --validation-seed"
            : own.SixteenBit != other.SixteenBit ? $"it has another rule of --sixteen-bit than {first}"
            : null;
        if (problem is not null)
        {
            throw new UserErrorException($"{run}: cannot be averaged: {problem}", 1);
        }
    }

    private static float[] Mean(IReadOnlyList<float[]> tensors)
    {
        var mean = new float[tensors[0].Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = (float)(tensors.Sum(t => (double)t[i]) / tensors.Count);
        }

        return mean;
    }
}
