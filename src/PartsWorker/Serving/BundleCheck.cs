using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;

namespace PartsWorker.Serving;

/// <summary>
/// Opens a bundle and checks that it reproduces its golden outputs on this machine, with the decoder and limits that the worker would use.
/// </summary>
internal sealed class BundleCheck(InferenceOptions inference, DecoderChoice decoder, DecodeLimits limits)
{
    /// <returns>One entry per precision of the bundle, or only the configured one.</returns>
    /// <exception cref="BundleException">The bundle is missing, altered, or does not reproduce its golden outputs.</exception>
    public IReadOnlyList<VerifiedBundle> Verify(string folder)
    {
        var bundle = ModelBundle.Open(folder);
        using var preprocessor = new Preprocessor(decoder.For(bundle.Manifest.Preprocessing), bundle.Manifest.Preprocessing, limits);
        return inference.Precision == PrecisionSetting.Auto
            ? [.. bundle.Precisions.Select(p => Verify(bundle, preprocessor, inference.In(PrecisionSettings.Of(p))))]
            : [Verify(bundle, preprocessor, inference.In(inference.Precision))];
    }

    private static VerifiedBundle Verify(ModelBundle bundle, Preprocessor preprocessor, InferenceOptions options)
    {
        using var classifier = DualStageClassifier.Load(bundle, options, NullLogger.Instance);
        var report = BundleVerifier.Verify(bundle, classifier, preprocessor);
        return new(bundle, Precisions.NameOf(classifier.Precision), classifier.Device, preprocessor.Decoder, report);
    }
}

/// <param name="Bundle">The bundle.</param>
/// <param name="Precision">The precision of the graphs.</param>
/// <param name="Device">The device that computed the outputs.</param>
/// <param name="Decoder">The decoder that read the golden images.</param>
/// <param name="Report">The largest differences from the golden outputs.</param>
internal sealed record VerifiedBundle(ModelBundle Bundle, string Precision, string Device, string Decoder, VerificationReport Report);
