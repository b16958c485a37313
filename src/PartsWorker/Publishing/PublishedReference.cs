using System.Security.Cryptography;
using System.Text;
using PartsWorker.Client;

namespace PartsWorker.Publishing;

/// <summary>
/// What is said about a file. The same file gives the same reference every time: the id is computed from line, camera, address and content,
/// and the time of capture is the file's own time of change. Publishing it again therefore changes nothing.
/// </summary>
internal static class PublishedReference
{
    private static readonly Guid Namespace = Guid.Parse("6b2f8a52-6a0d-5d0e-9a53-8e2f0f7c1d44");

    public static async Task<ImageReference> DescribeAsync(PublishFile file, PublishRequest request, CancellationToken ct)
    {
        // Other programs may still hold, rename or delete the file; that is theirs to do.
        await using var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16, useAsync: true);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        var uri = Address(file, request.BaseUri);
        return new ImageReference
        {
            ImageId = NameBased($"{request.Line}\n{request.Camera}\n{uri}\n{sha256}"),
            Uri = uri,
            Line = request.Line,
            Camera = request.Camera,
            CapturedAt = file.Modified,
            Sha256 = sha256,
        };
    }

    private static string Address(PublishFile file, Uri? baseUri)
    {
        var path = baseUri is null ? file.Path : Path.GetRelativePath(file.Root, file.Path);
        var escaped = string.Join('/', path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Select(Uri.EscapeDataString));
        return baseUri is null ? "file:///" + escaped : baseUri.OriginalString.TrimEnd('/') + "/" + escaped;
    }

    /// <summary>UUID version 5 of RFC 9562.</summary>
    private static Guid NameBased(string name)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];

        // SHA-1 is what version 5 prescribes; it names here and protects nothing.
#pragma warning disable CA5350
        SHA1.HashData([.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
