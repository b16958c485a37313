using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Serving;

/// <summary>Finds the folder of a model key: <c>name/version</c> below <see cref="ModelOptions.RootOrDefault"/>.</summary>
internal sealed class ModelFolders(ModelOptions options)
{
    /// <param name="key">Model key, <c>name@version</c>.</param>
    /// <returns>A folder that may not exist.</returns>
    /// <exception cref="BundleException">The key is not of the form <c>name@version</c>.</exception>
    public string FolderOf(string key)
    {
        var words = key.Split('@');
        if (words.Length != 2 || !words.All(IsFolderName))
        {
            throw new BundleException($"'{key}' is not a model key; expected name@version, for example real-parts@2.7.0");
        }

        var folder = Path.GetFullPath(Path.Combine(options.RootOrDefault, words[0], words[1]));
        return !Directory.Exists(folder) && IsConfigured(key) ? Path.GetFullPath(options.Bundle) : folder;
    }

    private static bool IsFolderName(string word) => word is not ("" or "." or "..") && word.AsSpan().IndexOfAny('/', '\\', '\0') < 0;

    // Model:Bundle may be outside Model:Root, or in a folder that is not named name/version, and still be the model that SQL names.
    private bool IsConfigured(string key) =>
        options.Bundle.Length > 0
        && File.Exists(Path.Combine(options.Bundle, BundleManifest.FileName))
        && ModelBundle.Open(options.Bundle).Key == key;
}
