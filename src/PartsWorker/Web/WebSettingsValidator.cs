using System.Net;
using Microsoft.Extensions.Options;
using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>Hosts, networks and the address of the store must parse.</summary>
internal sealed class WebSettingsValidator : IValidateOptions<ImageOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageOptions options)
    {
        var error = options.Hosts.Select(HostError)
            .Concat(options.AllowPrivateNetworks.Select(NetworkError))
            .Append(EndpointError(options.S3))
            .FirstOrDefault(e => e is not null);
        return error is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(error);
    }

    private static string? HostError(string host) =>
        AllowedHosts.TryParse(host, out _)
            ? null
            : $"Images:Hosts holds '{host}': write 'name' or 'name:port', without scheme, path or wildcard.";

    private static string? NetworkError(string network) =>
        IPNetwork.TryParse(network, out _)
            ? null
            : $"Images:AllowPrivateNetworks holds '{network}': write a network such as 10.20.0.0/16.";

    private static string? EndpointError(S3Options s3) =>
        s3.Endpoint.Length == 0 || (Uri.TryCreate(s3.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? null
            : $"Images:S3:Endpoint is '{SafeUri.Of(s3.Endpoint)}': write an address such as http://minio:9000.";
}
