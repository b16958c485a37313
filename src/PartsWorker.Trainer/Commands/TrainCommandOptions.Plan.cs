using System.CommandLine;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Commands;

/// <summary>Applies the options of the command line to a preset.</summary>
internal sealed partial class TrainCommandOptions
{
    private const double MostMinutes = 1_000_000;
    private const float MostRate = 100;
    private const float LeastWidth = 0.01f;
    private const float MostWidth = 16;
    private const int MostFeedThreads = 64;

    /// <summary>The threads that augment images.</summary>
    /// <exception cref="UserErrorException">The number is out of range.</exception>
    public int FeedThreads(ParseResult parsed) =>
        OptionRange.Within<int>(AugmentationThreads, parsed.GetValue(AugmentationThreads), 1, MostFeedThreads)!.Value;

    public Preset FindPreset(ParseResult parsed)
    {
        var name = parsed.GetValue(Preset)!;
        return Presets.All.FirstOrDefault(p => p.Name == name)
            ?? throw new UserErrorException($"--preset {name}: must be one of {string.Join(", ", Presets.All.Select(p => p.Name))}");
    }

    /// <summary>The plan of one network, with the given options in place of the preset's.</summary>
    public StagePlan Adjust(ParseResult parsed, StagePlan plan)
    {
        var preset = plan.Options;
        var one = preset.Network.Head != HeadKind.Meta;
        var options = preset with
        {
            Preset = parsed.GetValue(Preset)!,
            Network = Network(parsed, preset, one),
            Loss = Margins(parsed, preset.Loss),
            Optimizer = Rule(parsed, preset.Optimizer),
            Schedule = preset.Schedule with
            {
                WarmupSteps = OptionRange.Within(Warmup, parsed.GetValue(Warmup), 0) ?? preset.Schedule.WarmupSteps,
                Kind = parsed.GetValue(Schedule) ?? preset.Schedule.Kind,
            },
            Augmentation = Variation(parsed, preset.Augmentation),
            ValidationShare = OptionRange.Within(Validation, parsed.GetValue(Validation), 0, 0.5) ?? preset.ValidationShare,
            ValidationSeed = parsed.GetValue(ValidationSeed),
            ClassFolds = parsed.GetValue(LeaveOut) ?? 0,
            ClassFold = parsed.GetValue(Fold),
            Averaging = OptionRange.Within(Averaging, parsed.GetValue(Averaging), 0, 1) ?? preset.Averaging,
            CheckpointEvery = OptionRange.Within(CheckpointEvery, parsed.GetValue(CheckpointEvery), 0) ?? preset.CheckpointEvery,
            BatchSize = OptionRange.Within(Batch, parsed.GetValue(Batch), 1) ?? preset.BatchSize,
            Sizes = SizesOf(parsed, preset),
            ServingSize = KeepsSize(parsed, preset, one) ? preset.ServingSize : 0,
            SixteenBit = Rule(parsed.GetValue(SixteenBit)),
            Epochs = EpochsOf(parsed, one) ?? preset.Epochs,
            Steps = OptionRange.Within(Steps, parsed.GetValue(Steps), 0) ?? preset.Steps,
            Minutes = OptionRange.Within(Minutes, parsed.GetValue(Minutes), 0, MostMinutes) ?? preset.Minutes,
            Freeze = one ? parsed.GetValue(Freeze) ?? [] : [],
            Patience = OptionRange.Within(Patience, parsed.GetValue(Patience), 0) ?? preset.Patience,
            Seed = parsed.GetValue(Seed) ?? preset.Seed,
            Threads = OptionRange.Within(Threads, parsed.GetValue(Threads), 0) ?? preset.Threads,
            Device = parsed.GetValue(Device) ?? preset.Device,
            Weights = parsed.GetValue(one ? Weights : MetaWeights) ?? (KeepsNetwork(parsed, preset.Network, one) ? preset.Weights : null),
        };
        return plan with { Options = options, Given = Given(parsed, one) };
    }

    /// <summary>The given options whose values a run keeps from its start.</summary>
    private List<GivenOption> Given(ParseResult parsed, bool one)
    {
        (Option Option, Func<TrainingOptions, object?> Value)[] fixedByRun =
        [
            (Preset, o => o.Preset),
            (Validation, o => o.ValidationShare),
            (ValidationSeed, o => o.ValidationSeed),
            (one ? Weights : MetaWeights, o => o.Weights),
            (one ? Backbone : MetaBackbone, o => o.Network.Backbone),
            (Size, o => o.Network.InputSize),
            (Sizes, o => string.Join(", ", o.Sizes)),
            (SixteenBit, o => o.SixteenBit),
            (one ? Width : MetaWidth, o => o.Network.Width),
            (one || parsed.GetResult(MetaEpochs) is null ? Epochs : MetaEpochs, o => o.Epochs),
            (Steps, o => o.Steps),
            (Minutes, o => o.Minutes),
            (Batch, o => o.BatchSize),
            (LearningRate, o => o.Optimizer.LearningRate),
            (HeadRate, o => o.Optimizer.HeadRate),
            (Warmup, o => o.Schedule.WarmupSteps),
            (Decay, o => o.Optimizer.WeightDecay),
            (Loss, o => o.Loss.Margin),
            (Margin, o => o.Loss.M),
            (Scale, o => o.Loss.Scale),
            (HardNegatives, o => o.Loss.HardNegatives),
            (SubCenters, o => o.Loss.SubCenters),
            (Auxiliary, o => o.Loss.Auxiliary),
            (Smoothing, o => o.Loss.LabelSmoothing),
            (Augmentation, o => o.Augmentation.Name),
            (Mirror, o => o.Augmentation.Mirror),
            (CutMix, o => o.Augmentation.CutMix),
            (Blend, o => o.Augmentation.Blend),
            (EasyMargin, o => o.Loss.EasyMargin),
            (Embedding, o => o.Network.Embedding),
            (Lambda, o => o.Network.Lambda),
            (Dropout, o => o.Network.Dropout),
            (Freeze, o => o.Freeze),
            (Optimizer, o => o.Optimizer.Kind),
            (Schedule, o => o.Schedule.Kind),
            (LeaveOut, o => o.ClassFolds),
            (Fold, o => o.ClassFold),
            (Averaging, o => o.Averaging),
            (CheckpointEvery, o => o.CheckpointEvery),
            (Patience, o => o.Patience),
            (Seed, o => o.Seed),
            (Threads, o => o.Threads),
            (Device, o => o.Device),
        ];
        return [.. fixedByRun.Where(f => parsed.GetResult(f.Option) is { Implicit: false }).Select(
            f => new GivenOption(f.Option.Name, f.Value))];
    }

    // The weights of a preset belong to its network. Another network starts from random weights or from those that are given with it.
    private bool KeepsNetwork(ParseResult parsed, NetworkSpec network, bool one) =>
        (parsed.GetValue(one ? Backbone : MetaBackbone) ?? network.Backbone) == network.Backbone
        && (parsed.GetValue(one ? Width : MetaWidth) ?? network.Width) == network.Width;

    private bool KeepsSize(ParseResult parsed, TrainingOptions preset, bool one) =>
        parsed.GetValue(Size) is null && parsed.GetValue(Sizes) is null && KeepsNetwork(parsed, preset.Network, one);

    private IReadOnlyList<SizePhase> SizesOf(ParseResult parsed, TrainingOptions preset)
    {
        if (parsed.GetValue(Sizes) is not { } text)
        {
            // The sizes of the preset lead up to the preset's own size.
            return parsed.GetValue(Size) is null ? preset.Sizes : [];
        }

        try
        {
            return SizePhase.Parse(text);
        }
        catch (FormatException error)
        {
            throw new UserErrorException(
                $"--sizes {text}: {error.Message}; write 128:0.6,160 for 128 px until 60 % of the run, then 160 px");
        }
    }

    private NetworkSpec Network(ParseResult parsed, TrainingOptions preset, bool one)
    {
        var (network, width) = (preset.Network, one ? Width : MetaWidth);
        var backbone = parsed.GetValue(one ? Backbone : MetaBackbone) ?? network.Backbone;
        if (!Backbones.Names.Contains(backbone))
        {
            throw new UserErrorException($"--backbone {backbone}: must be one of {string.Join(", ", Backbones.Names)}");
        }

        return network with
        {
            Backbone = backbone,
            // The first kernels of known weights belong to this normalization.
            ImageNetPixels = network.ImageNetPixels || StartingWeights.Named(parsed.GetValue(one ? Weights : MetaWeights)) is not null,
            InputSize = SizeOf(parsed) ?? (SizesOf(parsed, preset) is [.., var last] ? last.Size : network.InputSize),
            Width = OptionRange.Within(width, parsed.GetValue(width), LeastWidth, MostWidth) ?? network.Width,
            Embedding = OptionRange.Within(Embedding, parsed.GetValue(Embedding), 1) ?? network.Embedding,
            Lambda = parsed.GetValue(Lambda) || network.Lambda,
            Dropout = OptionRange.Within(Dropout, parsed.GetValue(Dropout), 0, 0.9f) ?? network.Dropout,
        };
    }

    private AugmentationOptions Variation(ParseResult parsed, AugmentationOptions preset)
    {
        var variation = parsed.GetValue(Augmentation) is not { } name ? preset
            : AugmentationOptions.Named.GetValueOrDefault(name) ?? throw new UserErrorException(
                $"--augmentation {name}: must be one of {string.Join(", ", AugmentationOptions.Named.Keys)}");
        return variation with
        {
            Mirror = OptionRange.Within(Mirror, parsed.GetValue(Mirror), 0, 1) ?? variation.Mirror,
            CutMix = OptionRange.Within(CutMix, parsed.GetValue(CutMix), 0, 1) ?? variation.CutMix,
            Blend = OptionRange.Within(Blend, parsed.GetValue(Blend), 0, 1) ?? variation.Blend,
        };
    }

    // Both are checked, so that a wrong --epochs is found before the first network is trained.
    private int? EpochsOf(ParseResult parsed, bool one)
    {
        var (both, meta) = (parsed.GetValue(Epochs), parsed.GetValue(MetaEpochs));
        OptionRange.Within(Epochs, both, 1);
        OptionRange.Within(MetaEpochs, meta, 1);
        return one ? both : meta ?? both;
    }

    private int? SizeOf(ParseResult parsed) =>
        OptionRange.Within(Size, parsed.GetValue(Size), InputSizes.Smallest, InputSizes.Largest);

    private static string? Rule(string? sixteenBit) => SixteenBitRule.IsRule(sixteenBit)
        ? sixteenBit
        : throw new UserErrorException($"--sixteen-bit {sixteenBit}: must be range, full, refuse or a depth from 8 to 16");

    private OptimizerOptions Rule(ParseResult parsed, OptimizerOptions rule) => rule with
    {
        Kind = parsed.GetValue(Optimizer) ?? rule.Kind,
        LearningRate = OptionRange.Within(LearningRate, parsed.GetValue(LearningRate), 0, MostRate) ?? rule.LearningRate,
        HeadRate = OptionRange.Within(HeadRate, parsed.GetValue(HeadRate), 0.01f, 100) ?? rule.HeadRate,
        WeightDecay = OptionRange.Within(Decay, parsed.GetValue(Decay), 0) ?? rule.WeightDecay,
    };

    private LossSpec Margins(ParseResult parsed, LossSpec loss) => loss with
    {
        Margin = parsed.GetValue(Loss) ?? loss.Margin,
        M = parsed.GetValue(Margin) ?? loss.M,
        Scale = parsed.GetValue(Scale) ?? loss.Scale,
        HardNegatives = (float?)OptionRange.Within(HardNegatives, parsed.GetValue(HardNegatives), 0, 1) ?? loss.HardNegatives,
        SubCenters = OptionRange.Within(SubCenters, parsed.GetValue(SubCenters), 1) ?? loss.SubCenters,
        EasyMargin = parsed.GetValue(EasyMargin) || loss.EasyMargin,
        Auxiliary = OptionRange.Within(Auxiliary, parsed.GetValue(Auxiliary), 0) ?? loss.Auxiliary,
        LabelSmoothing = OptionRange.Within(Smoothing, parsed.GetValue(Smoothing), 0, 1) ?? loss.LabelSmoothing,
    };
}
