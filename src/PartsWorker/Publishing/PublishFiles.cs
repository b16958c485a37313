using Microsoft.Extensions.FileSystemGlobbing;

namespace PartsWorker.Publishing;

/// <summary>Expands the paths of the command line into files, oldest first.</summary>
internal static class PublishFiles
{
    private static readonly string[] ImageEndings = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];
    private static readonly EnumerationOptions Recursive = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    private static readonly string[] UnfinishedEndings =
        [".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".uploading", ".swp"];


    /// <param name="paths">Files (any name), folders (all images below them), globs (<c>*</c>, and <c>**</c> for any depth).</param>
    /// <param name="problem">Called with one line for each path without files.</param>
    public static IReadOnlyList<PublishFile> Expand(IEnumerable<string> paths, Action<string> problem)
    {
        Dictionary<string, PublishFile> found = new(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var files = Find(path).ToArray();
            if (files.Length == 0)
            {
                problem(Directory.Exists(path)
                    ? $"'{path}' contains no images ({string.Join(' ', ImageEndings)})"
                    : $"'{path}' does not exist");
            }

            foreach (var file in files)
            {
                found.TryAdd(file.Path, file);
            }
        }

        return found.Values.OrderBy(f => f.Modified).ThenBy(f => f.Path, StringComparer.Ordinal).ToArray();
    }

    /// <summary>Images below a folder, without hidden files and unfinished uploads.</summary>
    public static IEnumerable<FileInfo> Below(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", Recursive).Where(f => IsImageName(f.Name));

    public static bool IsImageName(string name) =>
        name[0] is not ('.' or '~')
        && ImageEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
        && !UnfinishedEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<PublishFile> Find(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            return [Describe(new FileInfo(full), Path.GetDirectoryName(full)!)];
        }

        return Directory.Exists(full) ? Below(full).Select(f => Describe(f, full)) : Glob(full);
    }

    private static IEnumerable<PublishFile> Glob(string full)
    {
        var wildcard = full.IndexOf('*', StringComparison.Ordinal);
        if (wildcard < 0)
        {
            return [];
        }

        var root = full[..(full.LastIndexOf(Path.DirectorySeparatorChar, wildcard) + 1)];
        if (!Directory.Exists(root))
        {
            return [];
        }

        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(full[root.Length..]);
        return matcher.GetResultsInFullPath(root).Select(f => Describe(new FileInfo(f), root));
    }

    private static PublishFile Describe(FileInfo file, string root) => new(file.FullName, root, new DateTimeOffset(file.LastWriteTimeUtc));
}
