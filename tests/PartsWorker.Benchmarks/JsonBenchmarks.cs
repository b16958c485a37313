using BenchmarkDotNet.Attributes;
using PartsWorker.Client;

namespace PartsWorker.Benchmarks;

/// <summary>The message, to and from JSON: bare, and with attributes.</summary>
public class JsonBenchmarks
{
    private ImageReference _reference = null!;
    private byte[] _body = [];

    [Params(false, true)]
    public bool WithAttributes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _reference = new ImageReference
        {
            ImageId = new Guid("0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10"),
            Uri = "file:///srv/ftp/cam-3/2026-11-21/06/part-000123.jpg",
            Line = "A",
            Camera = "cam-3",
            CapturedAt = new DateTimeOffset(2026, 11, 21, 6, 30, 0, 250, TimeSpan.Zero),
            Attributes = WithAttributes ? new Dictionary<string, string> { ["order"] = "4711", ["tray"] = "B7" } : null,
        };
        _body = ImageReferenceCodec.Encode(_reference);
    }

    [Benchmark]
    public byte[] Encode() => ImageReferenceCodec.Encode(_reference);

    [Benchmark]
    public ImageReference Decode() => ImageReferenceCodec.Decode(_body, "application/json", null);
}
