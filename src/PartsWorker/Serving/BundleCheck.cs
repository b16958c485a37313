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
    /// <exception cref="BundleException">The bundle is missing, altered, or does not reproduce its golden outputs.</exception>
    public VerifiedBundle Verify(string folder)
    {
        var bundle = ModelBundle.Open(folder);
        using var classifier = DualStageClassifier.Load(bundle, inference, NullLogger.Instance);
        using var preprocessor = new Preprocessor(decoder.For(bundle.Manifest.Preprocessing), bundle.Manifest.Preprocessing, limits);
        return new(bundle, classifier.Device, preprocessor.Decoder, BundleVerifier.Verify(bundle, classifier, preprocessor));
    }
}

/// <param name="Bundle">The bundle.</param>
/// <param name="Device">The device that computed the outputs.</param>
/// <param name="Decoder">The decoder that read the golden images.</param>
/// <param name="Report">The largest differences from the golden outputs.</param>
internal sealed record VerifiedBundle(ModelBundle Bundle, string Device, string Decoder, VerificationReport Report);
