using ADRaffy.ENSNormalize;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Names of classes as files and tables spell them. A Mac writes file names decomposed (NFD) and most other programs composed (NFC): two
/// names that look the same are the same class. By a library, because string.Normalize needs ICU and the trainer runs without.
/// </summary>
internal static class ClassNames
{
    // Folders that operating systems and storage systems put between those of the user.
    private static readonly HashSet<string> Helpers = new(StringComparer.OrdinalIgnoreCase)
    {
        "__MACOSX", "@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN", "lost+found", "System Volume Information",
    };

    /// <returns>The composed form.</returns>
    public static string Normalized(string name) => ENSNormalize.NF.NFC(name);

    /// <returns>The decomposed form.</returns>
    public static string Decomposed(string name) => ENSNormalize.NF.NFD(name);

    /// <summary>Whether a file or folder is hidden or belongs to the system: <c>.DS_Store</c>, <c>._bolt.jpg</c>, <c>@eaDir</c>.</summary>
    public static bool IsHelper(string name) => name.StartsWith('.') || Helpers.Contains(name);
}
