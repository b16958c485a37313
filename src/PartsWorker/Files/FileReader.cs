using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Files;

/// <summary>
/// Reads one file below an allowed root. Links may stay inside the roots but never lead out; only regular files are opened.
/// A call blocks as long as the file system does: on a dead mount, forever.
/// </summary>
internal sealed class FileReader(ImageOptions options)
{
    private readonly FileRoot[] _roots = [.. options.Roots.Select(root => new FileRoot(root))];

    /// <param name="reference">The whole reference, for messages.</param>
    /// <param name="path">Its absolute path, decoded and checked.</param>
    /// <param name="cancellationToken">Checked before each read.</param>
    public FetchedImage Read(string reference, string path, CancellationToken cancellationToken)
    {
        var root = Array.Find(_roots, candidate => candidate.Contains(path))
            ?? throw Refusals.Forbidden(reference, "outside the allowed folders (Images:Roots)");
        try
        {
            using var file = LinuxFile.Pin(path);
            Check(reference, file);
            var image = ReadPinned(reference, file, cancellationToken);
            root.RecordRead();
            return image;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Explain(reference, root, error);
        }
    }

    private void Check(string reference, LinuxFile file)
    {
        var realPath = file.RealPath;
        if (!Array.Exists(_roots, root => root.ContainsReal(realPath)))
        {
            throw Refusals.Forbidden(reference, "a link leads out of the allowed folders (Images:Roots)");
        }

        if (!file.IsRegular)
        {
            throw Refusals.Forbidden(reference, "not a regular file (a folder, pipe, socket or device)");
        }

        if (file.Length > options.MaxBytes)
        {
            throw Refusals.TooLarge(reference, options.MaxBytes);
        }
    }

    private FetchedImage ReadPinned(string reference, LinuxFile file, CancellationToken cancellationToken)
    {
        using var buffer = new ImageBuffer(options.MaxBytes);
        using var handle = file.OpenRead();

        // One byte more than the length detects a file that has grown, and a file of exactly that length needs no extra read.
        buffer.Reserve((int)file.Length + 1);
        int count;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            count = RandomAccess.Read(handle, buffer.Free.Span, buffer.Length);
            buffer.Advance(count);
            if (buffer.IsOverLimit)
            {
                throw Refusals.TooLarge(reference, options.MaxBytes);
            }
        }
        while (count > 0 && buffer.Length != file.Length);
        return buffer.Length > 0 ? buffer.ToImage() : throw Refusals.Unreadable(reference, "the file is empty (0 bytes)");
    }

    private static PartFailureException Explain(string reference, FileRoot root, Exception error)
    {
        if (root.Diagnose() is { } problem)
        {
            return Refusals.Missing(reference, problem, Recovery.WithDependency);
        }

        return (error is UnauthorizedAccessException ? LinuxCalls.EACCES : error.HResult) switch
        {
            LinuxCalls.ENOENT or LinuxCalls.ENOTDIR => Refusals.Missing(reference, "there is no such file (yet)"),
            LinuxCalls.ENAMETOOLONG => Refusals.Missing(reference, "the file name is too long", Recovery.Permanent),
            LinuxCalls.ELOOP => Refusals.Forbidden(reference, "its links form a loop"),
            LinuxCalls.EACCES => Refusals.Missing(reference, "the worker may not read this file"),
            _ => Refusals.Missing(reference, $"reading failed: {error.Message}"),
        };
    }
}
