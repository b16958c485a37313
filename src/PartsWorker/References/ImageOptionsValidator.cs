using System.Net;
using Microsoft.Extensions.Options;
using PartsWorker.Web;

namespace PartsWorker.References;

/// <summary>What ranges cannot say: roots are absolute, hosts and networks parse. Roots need not exist yet: storage may be mounted later.</summary>
internal sealed class ImageOptionsValidator : IValidateOptions<ImageOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageOptions options)
    {
        var error = options.Roots.Select(RootError)
            .Concat(options.Hosts.Select(HostError))
            .Concat(options.AllowPrivateNetworks.Select(NetworkError))
            .Append(TimeError(options))
            .Append(EndpointError(options.S3))
            .FirstOrDefault(e => e is not null);
        return error is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(error);
    }

    private static string? RootError(string root) =>
        !OperatingSystem.IsLinux() ? "Images:Roots needs Linux: only there can a file be checked and opened as one." :
        !Path.IsPathRooted(root) || Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) is "/"
            ? $"Images:Roots holds '{root}': name a folder below '/', as an absolute path."
            : null;

    private static string? HostError(string host) =>
        AllowedHosts.TryParse(host, out _) ? null : $"Images:Hosts holds '{host}': write 'name' or 'name:port', without scheme, path or wildcard.";

    private static string? NetworkError(string network) =>
        IPNetwork.TryParse(network, out _) ? null : $"Images:AllowPrivateNetworks holds '{network}': write a network such as 10.20.0.0/16.";

    private static string? TimeError(ImageOptions o) =>
        o.ReadTimeout <= o.AttemptTimeout && o.AttemptTimeout <= o.TotalTimeout
            ? null
            : "Images: ReadTimeout <= AttemptTimeout <= TotalTimeout must hold.";

    private static string? EndpointError(S3Options s3) =>
        s3.Endpoint.Length == 0 || (Uri.TryCreate(s3.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? null
            : $"Images:S3:Endpoint is '{SafeUri.Of(s3.Endpoint)}': write an address such as http://minio:9000.";
}
