using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference.Tests.Support;

/// <summary>A bundle of the repository, loaded once for all tests of a class.</summary>
public sealed class RepositoryModel() : LoadedModel(ModelBundle.Open(Folder))
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "models", "real-parts", "2.3.0");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("PartsWorker.sln not found; run the tests inside the repository");
    }
}
