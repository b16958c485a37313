namespace PartsWorker.References;

/// <summary>
/// Section <c>Images:S3</c>: the store that holds the buckets. Without keys the SDK uses its own chain: AWS_* variables,
/// profile, instance role.
/// </summary>
internal sealed class S3Options
{
    /// <summary>Address of a MinIO-style store, such as <c>http://minio:9000</c>; default empty: Amazon in <see cref="Region"/>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Region used for signing; default <c>us-east-1</c>, which MinIO expects too.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Bucket in the path, not in the host name; default true, because MinIO-style stores rarely have wildcard DNS.</summary>
    public bool ForcePathStyle { get; set; } = true;

    /// <summary>Access key; default empty. Prefer <see cref="AccessKeyFile"/>.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>Secret key; default empty. Prefer <see cref="SecretKeyFile"/>.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>File that holds the access key (Docker or Kubernetes secret); wins over <see cref="AccessKey"/>.</summary>
    public string AccessKeyFile { get; set; } = "";

    /// <summary>File that holds the secret key; wins over <see cref="SecretKey"/>.</summary>
    public string SecretKeyFile { get; set; } = "";
}
