using System.Security.Cryptography;
using System.Text;
using PartsWorker.Client;
using PartsWorker.Files;
using PartsWorker.References;

namespace PartsWorker.Publishing;

/// <summary>
/// Makes the reference to a file. The same file always gives the same reference: the id is computed from line, camera, URI and content, and
/// the capture time is the file's modification time. Publishing it again therefore changes nothing.
/// </summary>
internal static class PublishedReference
{
    private const int BufferBytes = 1 << 16;
    private static readonly Guid Namespace = Guid.Parse("6b2f8a52-6a0d-5d0e-9a53-8e2f0f7c1d44");

    /// <exception cref="FileRefusedException">No reference can name the file.</exception>
    /// <exception cref="IOException">The file cannot be read, or it changes while it is read.</exception>
    public static async Task<ImageReference> DescribeAsync(PublishFile file, PublishRequest request, CancellationToken ct)
    {
        var uri = UriOf(file.Path, file.Root, request.BaseUri);
        var before = Disk.StatusOf(file.Path) ?? throw new FileNotFoundException("the file does not exist");
        using var handle = Disk.OpenRead(file.Path);
        await using var content = new FileStream(handle, FileAccess.Read, BufferBytes, isAsync: false);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        if (Disk.StatusOf(file.Path) is not { } after || !FileVersion.Of(after).IsSame(FileVersion.Of(before)))
        {
            throw new FileChangedException();
        }

        return new ImageReference
        {
            ImageId = NameBased($"{request.Line}\n{request.Camera}\n{uri}\n{sha256}"),
            Uri = uri,
            Line = request.Line,
            Camera = request.Camera,
            CapturedAt = file.CapturedAt,
            Sha256 = sha256,
        };
    }

    /// <summary>The URI of a file: below the base URI, or a file URI. A drive or share of Windows keeps its name in it.</summary>
    /// <param name="path">Full path, of Linux or Windows.</param>
    /// <param name="root">The folder that the base URI stands for.</param>
    /// <param name="baseUri">Null for a file URI.</param>
    public static string UriOf(string path, string root, Uri? baseUri)
    {
        var isWindows = path is [_, ':', ..] || path.StartsWith(@"\\", StringComparison.Ordinal);
        var named = baseUri is null ? path : path[root.Length..];
        named = (isWindows ? named.Replace('\\', '/') : named).TrimStart('/');
        if (ReferencePath.Objection(named) is { } objection)
        {
            throw new FileRefusedException(objection);
        }

        if (baseUri is null)
        {
            var encoded = ReferencePath.Encode(named);
            return path.StartsWith(@"\\", StringComparison.Ordinal) ? "file://" + encoded
                : isWindows ? "file:///" + path[0] + ":" + encoded[4..]
                : "file:///" + encoded;
        }

        return baseUri.Scheme == Uri.UriSchemeFile || PathBytes.IsText(named)
            ? baseUri.OriginalString.TrimEnd('/') + "/" + ReferencePath.Encode(named)
            : throw new FileRefusedException($"its name is not UTF-8: only file:/// references can name it, {baseUri.Scheme}:// cannot");
    }

    /// <summary>UUID version 5 of RFC 9562.</summary>
    private static Guid NameBased(string name)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];

        // Version 5 prescribes SHA-1; it is used for naming here, not for security.
#pragma warning disable CA5350
        SHA1.HashData([.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
