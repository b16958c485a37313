using System.Runtime.CompilerServices;
using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Files;

/// <summary><c>file:///</c> below an allowed root. Links may stay inside the roots, never lead out; only regular files are opened.</summary>
internal sealed class FileSource(ImageOptions options) : IImageSource, IDisposable
{
    private const string Prefix = "file:///";
    private readonly FileRoot[] _roots = [.. options.Roots.Select(r => new FileRoot(r))];
    private readonly SemaphoreSlim _places = new(options.FileReads);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        var root = RootOf(PathOf(reference)) ?? throw Refusals.Forbidden(reference, "outside the allowed folders (Images:Roots)");
        if (!await _places.WaitAsync(options.ReadTimeout, cancellationToken))
        {
            throw Refusals.Missing(reference, $"storage does not answer: {options.FileReads} file reads hang (Images:FileReads)", Recovery.DependencyDown);
        }

        // Reads block and a dead mount blocks them for good, so the caller waits beside the read, not in it.
        return await FileRead.StartAsync(this, reference, root, cancellationToken);
    }

    public void Dispose() => _places.Dispose();

    private static ReadOnlySpan<char> PathOf(string reference)
    {
        if (!reference.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.Forbidden(reference, "a file reference starts with file:/// and names no host");
        }

        var path = ReferencePath.Decode(reference, reference.AsSpan(Prefix.Length - 1));
        return path.IndexOf("//", StringComparison.Ordinal) >= 0
            ? throw Refusals.Forbidden(reference, "'//' is not allowed in a path (it names a network share elsewhere)")
            : path;
    }

    private FileRoot? RootOf(ReadOnlySpan<char> path)
    {
        foreach (var root in _roots)
        {
            if (root.Names(path))
            {
                return root;
            }
        }

        return null;
    }

    private bool IsInside(in LinuxFile file)
    {
        var real = file.ReadRealPath(stackalloc byte[LinuxFile.LongestPath]);
        foreach (var root in _roots)
        {
            if (root.Holds(real))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The blocking part, called on a thread that may be lost.</summary>
    internal FetchedImage ReadInPlace(string reference, FileRoot root, CancellationToken cancellationToken)
    {
        var file = default(LinuxFile);
        try
        {
            file = LinuxFile.Pin(PathOf(reference));
            Demand(reference, root, in file);
            var image = Read(reference, ref file, cancellationToken);
            root.Answered();
            return image;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotThere(reference, root, error is UnauthorizedAccessException ? LinuxFile.EACCES : error.HResult);
        }
        finally
        {
            file.Dispose();
            _places.Release();
        }
    }

    private void Demand(string reference, FileRoot root, in LinuxFile file)
    {
        if (file.Error != 0)
        {
            throw NotThere(reference, root, file.Error);
        }

        if (!IsInside(file))
        {
            throw Refusals.Forbidden(reference, "a link leads out of the allowed folders (Images:Roots)");
        }

        if (!file.IsRegular)
        {
            throw Refusals.Forbidden(reference, "not a regular file (a folder, pipe, socket or device)");
        }
    }

    private FetchedImage Read(string reference, ref LinuxFile file, CancellationToken cancellationToken)
    {
        if (file.Length > options.MaxBytes)
        {
            throw Refusals.TooLarge(reference, options.MaxBytes);
        }

        using var buffer = new ImageBuffer(options.MaxBytes);
        buffer.Reserve((int)file.Length + 1);

        // Room for one byte more than it says it has: that many and no more are all of it, and no second read need say so. Some file systems say 0.
        while ((buffer.Length == 0 || buffer.Length != file.Length) && file.Read(buffer.Free.Span) is var count and > 0)
        {
            buffer.Advance(count);
            if (buffer.IsOverLimit)
            {
                throw Refusals.TooLarge(reference, options.MaxBytes);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return buffer.Length > 0 ? buffer.ToImage() : throw Refusals.Unreadable(reference, "the file is empty (0 bytes)");
    }

    private static PartFailureException NotThere(string reference, FileRoot root, int error)
    {
        if (root.Trouble() is { } trouble)
        {
            return Refusals.Missing(reference, trouble, Recovery.DependencyDown);
        }

        return error switch
        {
            LinuxFile.ENOENT or LinuxFile.ENOTDIR => Refusals.Missing(reference, "there is no such file (yet)"),
            LinuxFile.ENAMETOOLONG => Refusals.Missing(reference, "the file name is too long", Recovery.Permanent),
            LinuxFile.ELOOP => Refusals.Forbidden(reference, "links go round in a circle"),
            LinuxFile.EACCES => Refusals.Missing(reference, "the worker may not read this file"),
            _ => Refusals.Missing(reference, $"reading failed: {new System.ComponentModel.Win32Exception(error).Message}"),
        };
    }
}
