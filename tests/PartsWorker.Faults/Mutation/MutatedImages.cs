using PartsWorker.Faults.Load;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Mutation;

/// <summary>Mutated JPEG, PNG, WebP and BMP files from 0 bytes to 20 MB, written below the root, with a message for each.</summary>
internal sealed class MutatedImages(string root, int seed)
{
    private const int LargeEvery = 1000;
    private const int Megabyte = 1024 * 1024;
    private readonly Random _random = new(seed);

    public PlannedMessage[] Draw(int count)
    {
        var originals = Originals();
        var mutator = new ImageMutator(_random);
        var draft = new Draft(_random, TimeProvider.System.GetUtcNow());
        var all = new PlannedMessage[count];
        for (var i = 0; i < count; i++)
        {
            var file = Path.Combine(root, $"mutated-{i}.jpg");
            File.WriteAllBytes(file, i % LargeEvery == 0 ? Large(mutator) : mutator.Mutate(originals[_random.Next(originals.Count)]));
            all[i] = draft.Reference($"file://{file}", Expectation.RowOrDead("unreadable-image", "too-large"));
        }

        return all;
    }

    private List<byte[]> Originals()
    {
        var golden = Directory.GetFiles(Repository.GoldenImages).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var png = golden.Where(b => b[0] == 0x89).ToArray();

        // The golden images are mostly JPEG; add more files of the other formats.
        for (var i = 0; i < 12; i++)
        {
            golden.Add(TinyWebp.Bytes);
            golden.Add(Bmp.Noise(_random, _random.Next(1, 200), _random.Next(1, 200)));
            golden.AddRange(png);
        }

        return golden;
    }

    private byte[] Large(ImageMutator mutator)
    {
        var side = _random.Next(1500, 2600);
        var bmp = Bmp.Noise(_random, side, side);
        return _random.Next(2) == 0 ? bmp[..Math.Min(bmp.Length, 20 * Megabyte)] : mutator.Mutate(bmp);
    }
}
