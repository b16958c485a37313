using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>An <c>s3://bucket/key</c> reference with a listed bucket and a key that cannot climb into another one.</summary>
internal readonly record struct S3Reference(string Bucket, string Key)
{
    private const string Prefix = "s3://";

    public static S3Reference Check(string reference, ImageOptions options)
    {
        var rest = reference[Prefix.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        if (!options.Buckets.Contains(bucket, StringComparer.Ordinal))
        {
            throw Refusals.Forbidden(reference, "the bucket is not listed in Images:Buckets");
        }

        var key = slash < 0 ? "" : ReferencePath.Decode(reference, rest[(slash + 1)..]);
        return key.Length is 0 or > 1024 || key.StartsWith('/')
            ? throw Refusals.Forbidden(reference, "write s3://bucket/key with a key of 1 to 1024 characters")
            : new(bucket, key);
    }
}
