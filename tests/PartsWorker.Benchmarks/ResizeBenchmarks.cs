using BenchmarkDotNet.Attributes;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Benchmarks;

/// <summary>Letterboxing one decoded image, with and without vectors.</summary>
public class ResizeBenchmarks
{
    private byte[] _pixels = [];
    private byte[] _box = [];
    private ImageSize _size;
    private LetterboxResizer? _vectors;
    private LetterboxResizer? _scalars;

    [Params("640x480", "1920x1080")]
    public string From { get; set; } = "";

    [Params(64, 224)]
    public int To { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var sides = From.Split('x').Select(int.Parse).ToArray();
        _size = new ImageSize(sides[0], sides[1]);
        _pixels = new byte[_size.Pixels * 3];
        new Random(1).NextBytes(_pixels);
        _box = new byte[To * To * 3];
        _vectors = new LetterboxResizer(To, vectors: true);
        _scalars = new LetterboxResizer(To, vectors: false);
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => _scalars!.Resize(_pixels, _size, _size, _box);

    [Benchmark]
    public void Vectors() => _vectors!.Resize(_pixels, _size, _size, _box);
}
