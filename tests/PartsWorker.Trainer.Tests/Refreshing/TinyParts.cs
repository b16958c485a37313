using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Synthesis.Junk;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Refreshing;

/// <summary>Colored images of 32 px, and a bundle of a network that trains on them in seconds.</summary>
public sealed class TinyParts : IDisposable
{
    private const int Side = 32;
    private const int PerClass = 16;
    private const int JunkCount = 24;
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);
    private static readonly (string Name, byte[] Color)[] Parts =
    [
        ("red", [200, 30, 30]), ("green", [30, 180, 30]), ("blue", [40, 40, 200]), ("white", [230, 230, 230]),
        ("black", [15, 15, 15]), ("yellow", [220, 210, 30]), ("violet", [170, 40, 190]),
    ];

    private readonly Dictionary<bool, ModelBundle> _bundles = [];

    public TinyParts()
    {
        Base = new("base", Labels, Images(set: 1));
        Frozen = new("frozen", Labels, Images(set: 2));
        var junk = Path.Combine(Folder, "junk");
        new JunkSet(JunkCount, Seed: 5, Threads: 2).Write(junk);
        Junk = JunkFolder.Open(junk);
    }

    public static int Known => 5;

    public string Folder { get; } = Directory.CreateTempSubdirectory("tiny-parts-").FullName;

    internal static LabelSet Labels { get; } = new()
    {
        Colors = [.. Parts.Take(Known).Select(p => p.Name)],
        Shapes = ["plate"],
        Classes = [.. Parts.Take(Known).Select((p, id) => new PartClass(id, p.Name + " plate", id, 0))],
    };

    internal DataFolder Base { get; }

    internal DataFolder Frozen { get; }

    /// <summary>Images that show no part.</summary>
    internal IReadOnlyList<LabeledImage> Junk { get; }

    /// <summary>A bundle of one network or of two, trained once.</summary>
    internal ModelBundle Bundle(bool shared) =>
        _bundles.TryGetValue(shared, out var bundle) ? bundle : _bundles[shared] = Train(shared);

    /// <summary>Reviews of new images from the day after the bundle, a share of them with another class of the bundle.</summary>
    internal IReadOnlyList<Review> Reviews(int part, int count, float wrong = 0)
    {
        var dice = Dice.For(7, part);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var named = dice.Chance(wrong) ? (part + 1 + dice.Below(Known - 1)) % Known : part;
            return new Review(
                i, Image(3, part, i), Parts[named].Name + " plate", Parts[named].Name, "plate", Monday.AddDays(1).AddMinutes(i));
        })];
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The bundle with a shared trunk, made to read larger images than its network was trained on.</summary>
    internal ModelBundle LargerBundle(int side)
    {
        Bundle(shared: true);
        return Assemble("tiny-larger", TrainedRun.Open(RunFolder(shared: true), side));
    }

    /// <summary>Where <see cref="Bundle"/> trains.</summary>
    internal string RunFolder(bool shared) => Path.Combine(Folder, shared ? "run-shared" : "run-two");

    private ModelBundle Train(bool shared)
    {
        var run = RunFolder(shared);
        var training = new StageRun(Base, run, Path.Combine(run, "cache"), 1, TextWriter.Null, Terminal: false);
        Directory.CreateDirectory(run);
        training.Run(Stage.One, Plan(shared ? HeadKind.Shared : HeadKind.Embedder), CancellationToken.None);
        if (!shared)
        {
            training.Run(Stage.Two, Plan(HeadKind.Meta), CancellationToken.None);
        }

        return Assemble(shared ? "tiny" : "tiny-two", TrainedRun.Open(run));
    }

    private ModelBundle Assemble(string name, TrainedRun trained)
    {
        var (one, two) = trained.ToOnnx(WeightStorage.Fp16, mirrored: true);
        return new BundleAssembler(new()
        {
            ModelsRoot = Path.Combine(Folder, "models"),
            Name = name,
            Version = "1",
            StageOne = one,
            StageTwo = two,
            EmbeddingSize = trained.EmbeddingSize,
            FeatureSize = trained.FeatureSize,
            InputSize = trained.InputSize,
            TrainingSummary = trained.Summary(),
            Labels = Labels,
            Training = Base.Images,
            Validation = [],
            License = "as the images",
            GalleryViews = 0,
            GoldenImages = 3,
            HalfGallery = true,
            Created = Monday,
        }).Run();
    }

    private static StagePlan Plan(HeadKind head) => new(new TrainingOptions
    {
        Network = new()
        {
            Backbone = "resnet18s", Head = head, InputSize = Side, Width = 0.125f, Embedding = 16, ImageNetPixels = true,
        },
        Loss = new() { M = 0.3f, Scale = 16 },
        Optimizer = new() { LearningRate = 5e-3f },
        BatchSize = 20,
        Epochs = 16,
        Threads = 1,
        ValidationShare = 0,
    });

    private LabeledImage[] Images(int set) =>
        [.. Enumerable.Range(0, Known * PerClass).Select(i => new LabeledImage(Image(set, i % Known, i / Known), i % Known))];

    /// <summary>A part of the class's color before a gray ground, with noise.</summary>
    private string Image(int set, int part, int number)
    {
        var dice = Dice.For(set, part, number);
        var rgb = new byte[Side * Side * 3];
        var (ground, light, left, top) = (dice.Between(100, 130), dice.Between(0.85f, 1.05f), 3 + dice.Below(4), 3 + dice.Below(4));
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y) = (i / 3 % Side, i / 3 / Side);
            var inside = x >= left && x < left + 22 && y >= top && y < top + 22;
            rgb[i] = (byte)Math.Clamp((inside ? Parts[part].Color[i % 3] * light : ground) + (8 * dice.Normal()), 0, 255);
        }

        var path = Path.Combine(Folder, $"{set}-{part}-{number:00}.png");
        File.WriteAllBytes(path, PngFile.Encode(rgb, new(Side, Side)));
        return path;
    }
}
