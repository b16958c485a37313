using PartsWorker.Bundles.Fusion;

namespace PartsWorker.Serving;

/// <summary>One bundle, ready to classify. Implemented by the ONNX pair and by fakes.</summary>
internal interface IServedModel : IDisposable
{
    /// <summary><c>name@version</c>, the model key in SQL.</summary>
    string Key { get; }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    string Device { get; }

    /// <summary><c>fp32</c>, <c>fp16</c> or <c>int8</c>: the graphs that classify.</summary>
    string Precision { get; }

    int MaxBatch { get; }

    /// <summary>Bytes of one letterboxed image: S x S x 3.</summary>
    int ImageBytes { get; }

    /// <summary>How many runs at the same time make use of the device, 1 or 2.</summary>
    int InFlight { get; }

    /// <summary>Decodes and letterboxes one encoded image. Thread-safe.</summary>
    /// <returns>Width and height of the image before letterboxing, in pixels, EXIF orientation applied.</returns>
    (int Width, int Height) Prepare(ReadOnlySpan<byte> encoded, Span<byte> pixels);

    /// <summary>Memory for one run, from a pool; disposing returns it.</summary>
    IModelRun Rent();

    /// <summary>By class id.</summary>
    IReadOnlyList<string> ClassNames { get; }

    string ColorName(int id);

    string ShapeName(int id);
}

/// <summary>One run: fill slots 0..count-1, classify, read the verdicts.</summary>
internal interface IModelRun : IDisposable
{
    Span<byte> Slot(int index);

    void Classify(int count);

    Verdict Verdict(int index);
}
