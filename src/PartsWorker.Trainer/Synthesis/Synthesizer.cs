using System.Collections.Concurrent;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Number and size of the images of a synthetic set.</summary>
internal sealed record SynthesisPlan
{
    /// <summary>1..122 classes.</summary>
    public int Classes { get; init; } = PartCatalog.MaxClasses;

    /// <summary>Training images per class; validation and test get a quarter each, at least one.</summary>
    public int PerClass { get; init; } = 40;

    public int Seed { get; init; } = 1;

    /// <summary>Side of the images, 32..1024 pixels.</summary>
    public int Size { get; init; } = 160;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The only split to render, train, val or test; null = all three.</summary>
    public string? Only { get; init; }

    public int HeldOutPerClass => Math.Max(1, PerClass / 4);
}

/// <summary>
/// Renders the synthetic parts set: <c>train/</c>, <c>val/</c>, <c>test/</c>, one folder per class, with its labels. The same plan gives
/// the same images, independent of the order of the threads.
/// </summary>
internal sealed class Synthesizer(SynthesisPlan plan, string folder)
{
    public static readonly string[] Splits = ["train", "val", "test"];
    private readonly IReadOnlyList<CatalogPart> _parts = PartCatalog.Choose(plan.Classes);

    public int Images => plan.Classes * Numbers().Count();

    public void Run(IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var labels = PartCatalog.Labels(_parts);
        Directory.CreateDirectory(folder);
        LabelFile.Write(Path.Combine(folder, "labels.json"), labels);
        LabelFile.WritePlain(Path.Combine(folder, "cs_label.json"), labels);
        var meshes = new ConcurrentDictionary<string, Lazy<Mesh>>(StringComparer.Ordinal);
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = plan.Threads, CancellationToken = cancel };
        Parallel.For(0, _parts.Count, parallel, () => new ImageRenderer(plan.Size), (id, _, renderer) =>
        {
            var part = _parts[id];
            var mesh = meshes.GetOrAdd(part.Shape.Name, _ => new(() => SurfaceMesher.Create(part.Shape.Body))).Value;
            foreach (var (split, number) in Numbers())
            {
                cancel.ThrowIfCancellationRequested();
                var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, split, part.Name)).FullName, $"{number:000}.png");
                var rgb = renderer.Render(part, mesh, Dice.For(plan.Seed, id, SceneOf(split, number)));
                File.WriteAllBytes(path, PngFile.Encode(rgb, new(plan.Size, plan.Size)));
                progress?.Report(Interlocked.Increment(ref done));
            }

            return renderer;
        }, _ => { });
    }

    /// <summary>The random scene of an image of a class; no two images have the same.</summary>
    internal static long SceneOf(string split, int number)
    {
        // Up to 1,000 images per split keep the scenes that they had before sets could be larger.
        const int Small = 1000;
        long index = Array.IndexOf(Splits, split);
        return number < Small ? number + (Small * index) : number + (1_000_000 * (index + 1));
    }

    private IEnumerable<(string Split, int Number)> Numbers() =>
        Splits.Where(split => plan.Only is null || split == plan.Only)
            .SelectMany(split => Enumerable.Range(0, split == "train" ? plan.PerClass : plan.HeldOutPerClass).Select(n => (split, n)));

    /// <summary>Renders images with the buffers of one thread.</summary>
    private sealed class ImageRenderer(int size)
    {
        private readonly PartRenderer _renderer = new(size * 2);
        private readonly CameraSensor _sensor = new(size);
        private readonly byte[] _rgb = new byte[size * size * 3];

        public byte[] Render(CatalogPart part, Mesh mesh, Dice dice)
        {
            var scene = new Scene(part.Shape, mesh, size * 2, ref dice);
            _renderer.Render(mesh, part.Finish, scene);
            _sensor.Expose(_renderer.Light, _rgb, scene.Studio.WhiteCard, ref dice);
            return _rgb;
        }
    }
}
