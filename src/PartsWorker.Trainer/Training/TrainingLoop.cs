using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// The training loop. Each iteration gets a batch, runs forward and backward, updates weights and average, logs, validates and saves.
/// </summary>
/// <param name="options">Options of the run.</param>
/// <param name="checkpoint">Checkpoint file, which is also the result of the run.</param>
/// <param name="log">Receives every step and validation.</param>
internal sealed class TrainingLoop(TrainingOptions options, string checkpoint, TrainingLog log)
{
    /// <param name="open">Opens the batches of an input size, starting at the given step.</param>
    /// <param name="validate">Measures the current network; null = no validation.</param>
    /// <param name="stop">Saves and ends the run after the current step.</param>
    public Ending Run(Func<int, long, IBatchSource> open, Func<TrainedStage, Validation>? validate, CancellationToken stop)
    {
        if (options.Sizes.Count > 1)
        {
            CheckSizes();
        }

        RequireFrozen();
        var progress = File.Exists(checkpoint) ? Checkpoint.LoadHeader(checkpoint).Progress : new Progress();
        log.Begin(options, progress);
        Ending? ending;
        do
        {
            // A graph has one input size. The next one continues from the checkpoint, as a resumed run does.
            (ending, progress) = RunAt(options.SizeAt(options.ShareDone(progress)), open, validate, stop);
        }
        while (ending is null);

        log.End(ending.Value);
        return ending.Value;
    }

    /// <summary>Trains until the run or the part with this input size ends. No ending means that another size follows.</summary>
    private (Ending? Ending, Progress Progress) RunAt(
        int size, Func<int, long, IBatchSource> open, Func<TrainedStage, Validation>? validate, CancellationToken stop)
    {
        using var step = CreateStep(size);
        var optimizer = new Optimizer(options.Optimizer, step.Trained, step.State.All.Length, options.Threads);
        var average = new WeightAverage(options.Averaging, step.State.All.Length);
        var state = new RunState(step.State, optimizer, average);
        var progress = Begin(step.State, average, state);
        using var batches = open(size, progress.Step);
        Ending? ending = options.ShareDone(progress) >= 1 ? Ending.Complete : null;

        while (ending is null && options.SizeAt(options.ShareDone(progress)) == size)
        {
            if (stop.IsCancellationRequested)
            {
                ending = Ending.Interrupted;
                break;
            }

            progress = Advance(step, optimizer, average, batches, progress);
            ending = options.ShareDone(progress) >= 1 ? Ending.Complete : null;
            if (validate is not null && IsDue(options.ValidateEvery, progress))
            {
                progress = RecordValidation(validate(CurrentNetwork(step, average)), progress);
                ending ??= options.Patience > 0 && progress.Stalled >= options.Patience ? Ending.Early : null;
            }

            if (IsDue(options.CheckpointEvery, progress))
            {
                Save(state, progress);
            }
        }

        Save(state, progress);
        return (ending, progress);
    }

    // Otherwise the run would fail where it changes the size.
    private void CheckSizes()
    {
        if (!InputSizes.ShareWeights(options, options.InputSizes))
        {
            throw new UserErrorException(
                $"--sizes: {options.Network.Backbone} has layers for one input size, so a run cannot change it; use --size");
        }
    }

    private TrainingStep CreateStep(int size)
    {
        var network = options.Network with { InputSize = size };
        var session = new GraphSessionOptions(options.Threads, options.Device);
        return new TrainingStep(network, options.Loss, options.BatchSize, session, options.Seed, IsFrozen);
    }

    // A mistyped prefix would train what was meant to stay as it is.
    private void RequireFrozen()
    {
        if (options.Freeze.Length == 0)
        {
            return;
        }

        var names = TrainingGraph.Build(options.Network, options.Loss, options.BatchSize, ConvolutionPlan.StandardOperators)
            .Parameters.Select(p => p.Name).ToArray();
        if (Array.Find(options.Freeze, f => !Array.Exists(names, n => n.StartsWith(f, StringComparison.Ordinal))) is { } unused)
        {
            throw new UserErrorException(
                $"--freeze {unused}: no parameter of {options.Network.Backbone} begins so; its first one is {names[0]}");
        }
    }

    private Progress Advance(TrainingStep step, Optimizer optimizer, WeightAverage average, IBatchSource batches, Progress progress)
    {
        var batch = batches.NextBatch(CancellationToken.None);
        var share = options.ShareDone(progress);
        var rate = options.Optimizer.LearningRate * options.Schedule.Rate(progress.Step, share, progress.Plateaus);
        var result = step.Run(batch, options.Schedule.Margin(share), options.Loss.Scale);
        batches.Return(batch);

        var norm = optimizer.Apply(step.State.All, step.Gradients, rate, progress.Step);
        ThrowIfDiverged(result, norm, progress.Step, rate);
        average.Update(step.State.All, progress.Step);
        progress = progress with { Step = progress.Step + 1, Seconds = log.Seconds };
        log.Step(progress, options.ShareDone(progress), result, rate, norm);
        return progress;
    }

    private bool IsFrozen(string parameter) => options.Freeze.Any(f => parameter.StartsWith(f, StringComparison.Ordinal));

    private bool IsDue(int every, Progress progress) => options.ShareDone(progress) >= 1 || (every > 0 && progress.Step % every == 0);

    private Progress Begin(NetworkState network, WeightAverage average, RunState state)
    {
        if (File.Exists(checkpoint))
        {
            var saved = Checkpoint.Load(checkpoint);
            state.Restore(saved);
            return saved.Progress;
        }

        network.Initialize(options.Seed);
        if (StartingWeights.Chosen(options.Weights) is { } weights)
        {
            var missing = network.Import(WeightFile.Fit(weights, network.Parameters, network.Statistics));
            log.Print($"starting from the weights of {weights}; newly initialized: {Summary(missing)}");
        }

        average.Reset(network.All);
        return new Progress();
    }

    private Progress RecordValidation(Validation validation, Progress progress)
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

    private void ThrowIfDiverged(StepResult result, double norm, long step, float rate)
    {
        if (double.IsFinite(result.Loss) && double.IsFinite(norm))
        {
            return;
        }

        var kept = File.Exists(checkpoint) ? $"; the last valid state is in {checkpoint}" : string.Empty;
        throw new UserErrorException(
            $"step {step}: the loss is no longer finite (learning rate {rate:g3}); "
            + $"try --lr {options.Optimizer.LearningRate / 10:g3} or a longer --warmup{kept}",
            1);
    }

    private TrainedStage CurrentNetwork(TrainingStep step, WeightAverage average) =>
        new(options.Network, step.State.Export(average.IsKept ? average.Values : step.State.All));

    private void Save(RunState state, Progress progress)
    {
        try
        {
            Checkpoint.Save(checkpoint, options, progress, state.Tensors());
        }
        catch (IOException error)
        {
            throw new UserErrorException(
                $"could not write the checkpoint {checkpoint}: {error.Message}; the previous one is unchanged", 1, error);
        }
    }

    private static string Summary(IReadOnlyList<string> names) =>
        names.Count == 0 ? "nothing" : string.Join(", ", names.Take(4)) + (names.Count > 4 ? $" and {names.Count - 4} more" : string.Empty);
}
