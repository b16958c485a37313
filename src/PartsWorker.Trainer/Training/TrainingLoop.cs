using PartsWorker.Inference.Training;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Training;

/// <summary>What the validation images say about the averaged weights.</summary>
internal sealed record Validation(double Loss, double Accuracy, double ShapeAccuracy = 0);

/// <summary>How a run ended.</summary>
internal enum Ending
{
    Complete,

    /// <summary>Validation stopped getting better.</summary>
    Early,

    /// <summary>Asked to stop; the checkpoint continues from here.</summary>
    Interrupted,
}

/// <summary>
/// The training loop, top to bottom: take a batch, run forward and backward, check, update, average, report, validate, save.
/// </summary>
/// <param name="options">The run.</param>
/// <param name="checkpoint">File that holds the run while it lasts and its result afterwards.</param>
/// <param name="log">Hears of every step and validation.</param>
internal sealed class TrainingLoop(TrainingOptions options, string checkpoint, TrainingLog log)
{
    /// <param name="open">Opens the batches from the given step on.</param>
    /// <param name="validate">Measures a stage; null = no validation.</param>
    /// <param name="start">Tensors to begin with, by name; what is missing starts at random.</param>
    /// <param name="stop">Ends the run after the step in hand and saves it.</param>
    public Ending Run(Func<long, IBatchSource> open, Func<TrainedStage, Validation>? validate, IReadOnlyDictionary<string, float[]>? start, CancellationToken stop)
    {
        using var step = new TrainingStep(options.Network, options.Loss, options.BatchSize, new GraphSessionOptions(options.Threads, options.Device), options.Seed, Frozen);
        var optimizer = new Optimizer(options.Optimizer, step.Trained, step.State.All.Length, options.Threads);
        var average = new WeightAverage(options.Averaging, step.State.All.Length);
        var progress = Begin(step, optimizer, average, start);
        log.Begin(options, progress);
        using var batches = open(progress.Step);
        var ending = Ending.Complete;

        while (Share(progress) < 1 && ending == Ending.Complete)
        {
            if (stop.IsCancellationRequested)
            {
                ending = Ending.Interrupted;
                break;
            }

            var batch = batches.Take(CancellationToken.None);
            var share = Share(progress);
            var rate = options.Optimizer.LearningRate * options.Schedule.Rate(progress.Step, share, progress.Plateaus);
            var result = step.Run(batch, options.Schedule.Margin(share), options.Loss.Scale);
            batches.Return(batch);

            var norm = optimizer.Apply(step.State.All, step.Gradients, rate, progress.Step);
            StopIfLost(result, norm, progress.Step, rate);
            average.Follow(step.State.All, progress.Step);
            progress = progress with { Step = progress.Step + 1, Seconds = log.Seconds };
            log.Step(progress, Share(progress), result, rate, norm);

            if (validate is not null && IsDue(options.ValidateEvery, progress))
            {
                progress = Classify(validate(Stage(step, average)), progress);
                ending = options.Patience > 0 && progress.Stalled >= options.Patience ? Ending.Early : ending;
            }

            if (IsDue(options.CheckpointEvery, progress))
            {
                Save(step, optimizer, average, progress);
            }
        }

        Save(step, optimizer, average, progress);
        log.End(ending);
        return ending;
    }

    private bool Frozen(string parameter) => options.Freeze.Any(f => parameter.StartsWith(f, StringComparison.Ordinal));

    private double Share(Progress progress) =>
        options.Minutes > 0 ? progress.Seconds / (options.Minutes * 60) : progress.Step / (double)options.Steps;

    private bool IsDue(int every, Progress progress) => Share(progress) >= 1 || (every > 0 && progress.Step % every == 0);

    private Progress Begin(TrainingStep step, Optimizer optimizer, WeightAverage average, IReadOnlyDictionary<string, float[]>? start)
    {
        step.State.Initialize(options.Seed);
        if (File.Exists(checkpoint))
        {
            var saved = Checkpoint.Load(checkpoint);
            saved.State.CopyTo(step.State.All);
            saved.Average.CopyTo(average.Values, 0);
            saved.First.CopyTo(optimizer.First, 0);
            saved.Second.CopyTo(optimizer.Second, 0);
            return saved.Progress;
        }

        if (start is not null)
        {
            log.Note($"starting from given weights; new: {Summary(step.State.Import(start))}");
        }

        average.Start(step.State.All);
        return new Progress();
    }

    private Progress Classify(Validation validation, Progress progress)
    {
        log.Validated(progress, validation);
        if (validation.Loss < progress.BestValidation)
        {
            return progress with { BestValidation = validation.Loss, Stalled = 0 };
        }

        var stalled = progress.Stalled + 1;
        var plateau = options.Schedule.Kind == ScheduleKind.Plateau && stalled % options.Schedule.PlateauPatience == 0;
        return progress with { Stalled = stalled, Plateaus = progress.Plateaus + (plateau ? 1 : 0) };
    }

    private void StopIfLost(StepResult result, double norm, long step, float rate)
    {
        if (double.IsFinite(result.Loss) && double.IsFinite(norm))
        {
            return;
        }

        var kept = File.Exists(checkpoint) ? $"; the last good state is in {checkpoint}" : string.Empty;
        throw new UserErrorException(
            $"step {step}: the loss is not a number any more (learning rate {rate:g3}); try --lr {options.Optimizer.LearningRate / 10:g3} or a longer --warmup{kept}", 1);
    }

    private TrainedStage Stage(TrainingStep step, WeightAverage average) =>
        new(options.Network, step.State.Export(options.Averaging > 0 ? average.Values : step.State.All));

    private void Save(TrainingStep step, Optimizer optimizer, WeightAverage average, Progress progress)
    {
        try
        {
            new Checkpoint
            {
                Options = options,
                Progress = progress,
                State = step.State.All.ToArray(),
                Average = average.Values,
                First = optimizer.First,
                Second = optimizer.Second,
            }.Save(checkpoint);
        }
        catch (IOException error)
        {
            throw new UserErrorException($"the checkpoint {checkpoint} could not be written: {error.Message}; the previous one is untouched", 1, error);
        }
    }

    private static string Summary(IReadOnlyList<string> names) =>
        names.Count == 0 ? "nothing" : string.Join(", ", names.Take(4)) + (names.Count > 4 ? $" and {names.Count - 4} more" : string.Empty);
}
