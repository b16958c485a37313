using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>
/// The bundle in the repository. Another version may give other answers, so tests take sizes and names from it.
/// </summary>
internal static class RepositoryBundle
{
    private static readonly Lazy<ModelBundle> Opened = new(() => ModelBundle.Open(Repository.Bundle));

    public static ModelBundle Bundle => Opened.Value;

    /// <summary>A copy that a test may damage.</summary>
    public static string CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Bundle, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(Repository.Bundle, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }
}
