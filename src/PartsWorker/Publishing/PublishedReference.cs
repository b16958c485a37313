using System.Security.Cryptography;
using System.Text;
using PartsWorker.Client;

namespace PartsWorker.Publishing;

/// <summary>
/// Makes the reference to a file. The same file always gives the same reference: the id is computed from line, camera, URI and content, and
/// the capture time is the file's modification time. Publishing it again therefore changes nothing.
/// </summary>
internal static class PublishedReference
{
    private static readonly Guid Namespace = Guid.Parse("6b2f8a52-6a0d-5d0e-9a53-8e2f0f7c1d44");

    public static async Task<ImageReference> DescribeAsync(PublishFile file, PublishRequest request, CancellationToken ct)
    {
        // Other programs may still open, rename or delete the file.
        var share = FileShare.ReadWrite | FileShare.Delete;
        await using var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, share, bufferSize: 1 << 16, useAsync: true);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        var uri = UriOf(file, request.BaseUri);
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

    private static string UriOf(PublishFile file, Uri? baseUri)
    {
        var path = baseUri is null ? file.Path : Path.GetRelativePath(file.Root, file.Path);
        var segments = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var escaped = string.Join('/', segments.Select(Uri.EscapeDataString));
        return baseUri is null ? "file:///" + escaped : baseUri.OriginalString.TrimEnd('/') + "/" + escaped;
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
