using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Inference;

/// <summary>
/// Loads a bundle and checks its golden outputs. If the precision was chosen automatically and its graphs do not load or do not reproduce
/// their golden outputs here, fp32 serves.
/// </summary>
public static class VerifiedClassifier
{
    /// <exception cref="BundleException">
    /// The bundle does not load, or does not reproduce its golden outputs, in the configured precision or in fp32.
    /// </exception>
    /// <exception cref="DeviceUnavailableException">CUDA is configured but not available.</exception>
    public static DualStageClassifier Load(
        ModelBundle bundle, Preprocessor preprocessor, InferenceOptions options, bool verify, ILogger log)
    {
        try
        {
            return LoadOnce(bundle, preprocessor, options, verify, log);
        }
        catch (BundleException error) when (options.Precision == PrecisionSetting.Auto && bundle.Precisions.Count > 1)
        {
            log.FellBackToFp32(bundle.Key, error.Message);
            return LoadOnce(bundle, preprocessor, options with { Precision = PrecisionSetting.Fp32 }, verify, log);
        }
    }

    private static DualStageClassifier LoadOnce(
        ModelBundle bundle, Preprocessor preprocessor, InferenceOptions options, bool verify, ILogger log)
    {
        var classifier = DualStageClassifier.Load(bundle, options, log);
        try
        {
            if (verify)
            {
                BundleVerifier.Verify(bundle, classifier, preprocessor);
            }

            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }
}
