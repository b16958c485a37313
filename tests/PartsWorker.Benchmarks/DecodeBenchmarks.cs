using BenchmarkDotNet.Attributes;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness;

namespace PartsWorker.Benchmarks;

/// <summary>
/// Decoding and letterboxing, per image: the 66 golden images of PartsWorker.Bundles.Tests (JPEG and PNG of up to 400 pixels), and one
/// JPEG of 640x480 at quality 90, which the scaled recipe decodes at one half. <see cref="ImageDecoders.CheaperFor"/> uses the latter.
/// </summary>
public class DecodeBenchmarks : IDisposable
{
    private const int GoldenImages = 66;
    private byte[][] _files = [];
    private byte[] _frame = [];
    private byte[] _box = [];
    private Preprocessor? _preprocessor;

    [ParamsSource(nameof(Decoders))]
    public string Decoder { get; set; } = "";

    [Params(DecodeScale.Full, DecodeScale.HalfReserve)]
    public DecodeScale Scale { get; set; }

    public static IEnumerable<string> Decoders => ImageDecoders.Available;

    [GlobalSetup]
    public void Setup()
    {
        _files = [.. Directory.EnumerateFiles(Repository.GoldenImages).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        _frame = Frame(new ImageSize(640, 480));
        _preprocessor = new(ImageDecoders.Create(Decoder), new() { Size = 128, DecodeScale = Scale }, new());
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

    [Benchmark]
    public void PrepareFrame() => _preprocessor!.Prepare(_frame, _box);

    [GlobalCleanup]
    public void Dispose() => _preprocessor?.Dispose();

    /// <summary>Smooth waves with a little sensor noise.</summary>
    private static byte[] Frame(ImageSize size)
    {
        var random = new Random(1);
        var rgb = new byte[size.Pixels * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y, channel) = (i / 3 % size.Width, i / 3 / size.Width, i % 3);
            var wave = 60 * (Math.Sin((x / 37.0) + channel) + Math.Sin((y / 23.0) - channel));
            rgb[i] = (byte)Math.Clamp(128 + wave + random.Next(-6, 7), 0, 255);
        }

        return JpegFile.Encode(rgb, size, quality: 90);
    }
}
