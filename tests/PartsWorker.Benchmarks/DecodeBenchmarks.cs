using BenchmarkDotNet.Attributes;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness;

namespace PartsWorker.Benchmarks;

/// <summary>Decoding and letterboxing the 66 golden images of PartsWorker.Bundles.Tests (JPEG and PNG of up to 400 pixels), per image.</summary>
public class DecodeBenchmarks : IDisposable
{
    private const int GoldenImages = 66;
    private byte[][] _files = [];
    private byte[] _box = [];
    private Preprocessor? _preprocessor;

    [ParamsSource(nameof(Decoders))]
    public string Decoder { get; set; } = "";

    public static IEnumerable<string> Decoders => ImageDecoders.Available;

    [GlobalSetup]
    public void Setup()
    {
        _files = [.. Directory.EnumerateFiles(Repository.GoldenImages).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        _preprocessor = new Preprocessor(ImageDecoders.Create(Decoder), new PreprocessingRecipe { Size = 96 }, new DecodeLimits());
        _box = new byte[_preprocessor.ImageBytes];
    }

    [Benchmark(OperationsPerInvoke = GoldenImages)]
    public void Prepare()
    {
        foreach (var file in _files)
        {
            _preprocessor!.Prepare(file, _box);
        }
    }

    [GlobalCleanup]
    public void Dispose() => _preprocessor?.Dispose();
}
