using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.Inference;

namespace PartsWorker.Registry;

/// <summary>Opens a bundle for the commands that change what answers, and lets it prove itself on its golden images first.</summary>
internal static class BundleProof
{
    /// <exception cref="UserErrorException">The bundle is missing, altered, or does not give its golden outputs on this machine.</exception>
    public static ModelBundle Open(string folder, IConfiguration configuration)
    {
        try
        {
            var bundle = ModelBundle.Open(folder);
            var inference = CommandOptions.Inference(configuration);
            using var classifier = DualStageClassifier.Load(bundle, inference, NullLogger.Instance);
            using var preprocessor = new Preprocessor(ImageDecoders.Create(), bundle.Manifest.Preprocessing, CommandOptions.DecodeLimits(configuration));
            BundleVerifier.Verify(bundle, classifier, preprocessor);
            return bundle;
        }
        catch (BundleException error)
        {
            throw new UserErrorException(error.Message, inner: error);
        }
    }

    /// <summary>Where the bundle of a key lies: <c>Model:Root</c>, else two levels above <c>Model:Bundle</c>, else <c>models</c>.</summary>
    public static string FolderOf(string key, IConfiguration configuration)
    {
        var words = key.Split('@');
        if (words.Length != 2 || words.Any(word => word.Length == 0 || word is "." or ".." || word.AsSpan().IndexOfAny('/', '\\', '\0') >= 0))
        {
            throw new UserErrorException($"'{key}' is no model key; write name@version, for example real-parts@1.0.0");
        }

        var root = configuration["Model:Root"] is { Length: > 0 } set ? set
            : configuration["Model:Bundle"] is { Length: > 0 } bundle ? Path.Combine(bundle, "..", "..")
            : "models";
        return Path.GetFullPath(Path.Combine(root, words[0], words[1]));
    }
}
