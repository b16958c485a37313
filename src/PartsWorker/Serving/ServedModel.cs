using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;

namespace PartsWorker.Serving;

/// <summary>
/// A bundle on a device: preprocessing, embedder, meta model and fusion. Runs are pooled, so memory is bounded by the batches in flight.
/// </summary>
internal sealed class ServedModel : IServedModel
{
    private readonly ModelBundle _bundle;
    private readonly Preprocessor _preprocessor;
    private readonly DualStageClassifier _classifier;
    private readonly Fuser _fuser;
    private readonly ConcurrentBag<Run> _runs = [];

    private ServedModel(ModelBundle bundle, Preprocessor preprocessor, DualStageClassifier classifier, bool qualityGate)
    {
        (_bundle, _preprocessor, _classifier) = (bundle, preprocessor, classifier);
        _fuser = new Fuser(bundle, qualityGate);
        ClassNames = [.. bundle.Labels.Classes.Select(c => c.Name)];
    }

    public string Key => _bundle.Key;

    public string Device => _classifier.Device;

    public string Precision => Precisions.NameOf(_classifier.Precision);

    public int MaxBatch => _classifier.MaxBatch;

    public int ImageBytes => _preprocessor.ImageBytes;

    public int InFlight => _classifier.InFlight;

    /// <summary>Opens and warms up a bundle and, with <paramref name="verify"/>, checks that it reproduces its golden outputs.</summary>
    /// <exception cref="BundleException">
    /// The bundle is missing, altered, does not match its manifest, or does not reproduce its golden outputs.
    /// </exception>
    public static ServedModel Load(
        string directory, DecoderChoice choice, DecodeLimits limits, InferenceOptions options, bool verify, ILogger log)
    {
        var bundle = ModelBundle.Open(directory);
        var recipe = bundle.Manifest.Preprocessing;
        var preprocessor = new Preprocessor(choice.For(recipe), recipe, limits);
        var madeWith = recipe.Decoder ?? ImageDecoders.LibVips;
        if (!string.Equals(preprocessor.Decoder, madeWith, StringComparison.Ordinal))
        {
            log.OtherDecoder(bundle.Key, madeWith, preprocessor.Decoder);
        }

        if (preprocessor.Decoder == ImageDecoders.LibVips && !ImageDecoders.HasTurboJpeg && OperatingSystem.IsLinux())
        {
            log.NoTurboJpeg(bundle.Key);
        }

        try
        {
            return new ServedModel(
                bundle, preprocessor, VerifiedClassifier.Load(bundle, preprocessor, options, verify, log), limits.QualityGate);
        }
        catch
        {
            // The loader tries again and again, and the preprocessor holds native memory.
            preprocessor.Dispose();
            throw;
        }
    }

    public (int Width, int Height) Prepare(ReadOnlySpan<byte> encoded, Span<byte> pixels)
    {
        var size = _preprocessor.Prepare(encoded, pixels);
        return (size.Width, size.Height);
    }

    public IModelRun Rent() => _runs.TryTake(out var run) ? run : new Run(this);

    public IReadOnlyList<string> ClassNames { get; }

    public string ColorName(int id) => _bundle.Labels.Colors[id];

    public string ShapeName(int id) => _bundle.Labels.Shapes[id];

    public void Dispose()
    {
        while (_runs.TryTake(out var run))
        {
            run.Free();
        }

        _classifier.Dispose();
        _preprocessor.Dispose();
    }

    private sealed class Run(ServedModel model) : IModelRun
    {
        private readonly ClassifierBatch _batch = model._classifier.CreateBatch();

        public Span<byte> Slot(int index) => _batch.Slot(index).Span;

        public void Classify(int count) => model._classifier.Run(_batch, count);

        public Verdict Verdict(int index) => model._fuser.Classify(_batch.Outputs(index));

        public void Dispose() => model._runs.Add(this);

        public void Free() => _batch.Dispose();
    }
}
