using Microsoft.Extensions.FileSystemGlobbing;
using PartsWorker.Files;
using PartsWorker.References;

namespace PartsWorker.Publishing;

/// <summary>Expands the paths of the command line into files, oldest first.</summary>
internal sealed class PublishFiles(FileFilter filter, Action<string> problem, Action<string, string> skipped)
{
    private readonly Dictionary<string, PublishFile> _found = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    /// <summary>Files and folders that were left out.</summary>
    public int Skipped { get; private set; }

    /// <summary>All images of the paths, without further filter; what is left out is not named.</summary>
    /// <param name="paths">Files (any name), folders (all images below them), globs (<c>*</c>, and <c>**</c> for any depth).</param>
    /// <param name="problem">Called with one line for each path without files.</param>
    public static IReadOnlyList<PublishFile> Expand(IEnumerable<string> paths, Action<string> problem) =>
        new PublishFiles(new FileFilter([]), problem, (_, _) => { }).FindAll(paths);

    /// <inheritdoc cref="Expand"/>
    public IReadOnlyList<PublishFile> FindAll(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            if (IsNoImage(path))
            {
                problem($"'{path}' is not an image: neither its name ({FileFilter.Endings}) nor its first bytes are those of one");
                continue;
            }

            var before = _found.Count;
            Find(path);
            if (_found.Count == before && !_found.ContainsKey(Path.GetFullPath(path)))
            {
                problem(Directory.Exists(path)
                    ? $"'{path}' contains no images ({FileFilter.Endings})"
                    : $"'{path}' does not exist");
            }
        }

        return _found.Values.OrderBy(f => f.CapturedAt).ThenBy(f => f.Path, StringComparer.Ordinal).ToArray();
    }

    private void Find(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            Add(full, Path.GetDirectoryName(full)!);
        }
        else if (Directory.Exists(full))
        {
            AddBelow(Path.TrimEndingDirectorySeparator(full));
        }
        else
        {
            AddGlob(full);
        }
    }

    // A file is given by its name, so it may have any name; a note or a list would be a dead letter.
    private static bool IsNoImage(string path)
    {
        if (FileFilter.HasImageEnding(path) || !File.Exists(path))
        {
            return false;
        }

        try
        {
            using var file = Disk.OpenRead(Path.GetFullPath(path));
            return !EndOfImage.BeginsLikeImage(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Publishing it names the problem.
            return false;
        }
    }

    private void AddBelow(string root)
    {
        Stack<(string Folder, FolderChain Chain)> folders = new([(root, new FolderChain())]);
        while (folders.TryPop(out var next))
        {
            try
            {
                if (Disk.StatusOf(next.Folder) is not { } status || next.Chain.Contains(status))
                {
                    continue;
                }

                var listing = FolderListing.Read(next.Folder, root, filter, skipped);
                Skipped += listing.Skipped;
                foreach (var file in listing.Files)
                {
                    Add(file, root);
                }

                foreach (var folder in listing.Folders)
                {
                    folders.Push((folder, next.Chain.Below(status)));
                }
            }
            catch (Exception error) when (error is (IOException and not DirectoryNotFoundException) or UnauthorizedAccessException)
            {
                problem($"folder '{PathBytes.Printable(next.Folder)}' cannot be read: {error.Message}");
            }
            catch (DirectoryNotFoundException)
            {
                // It vanished meanwhile, and its files with it.
            }
        }
    }

    private void AddGlob(string full)
    {
        var wildcard = full.IndexOf('*', StringComparison.Ordinal);
        var root = wildcard < 0 ? "" : full[..(full.LastIndexOf(Path.DirectorySeparatorChar, wildcard) + 1)];
        if (!Directory.Exists(root))
        {
            return;
        }

        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(full[root.Length..]);
        foreach (var file in matcher.GetResultsInFullPath(root))
        {
            var relative = Path.GetRelativePath(root, file);
            if (filter.SkipMatch(relative) is not { } reason)
            {
                Add(file, Path.TrimEndingDirectorySeparator(root));
                continue;
            }

            Skipped++;
            skipped(file, reason);
        }
    }

    private void Add(string file, string root)
    {
        DiskStatus? status;
        try
        {
            status = Disk.StatusOf(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem($"{PathBytes.Printable(file)}: {error.Message}");
            return;
        }

        if (status is not null)
        {
            _found.TryAdd(file, new PublishFile(file, root, CaptureTime.Of(status, _now)));
        }
    }
}
