using System.Net;
using System.Net.Sockets;
using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary><c>https://</c> and <c>http://</c> references to listed hosts, read with one plain GET.</summary>
internal sealed class HttpSource : IImageSource, IDisposable
{
    private readonly ImageOptions _options;
    private readonly TimeProvider _time;
    private readonly AllowedHosts _hosts;
    private readonly StorageWatch _watch;
    private readonly HttpMessageInvoker _client;

    public HttpSource(ImageOptions options, Dialer dialer, TimeProvider time)
    {
        (_options, _time, _hosts) = (options, time, new(options.Hosts));
        _watch = new(_hosts.Count);
        var connector = new GuardedConnector(dialer, new AddressRules(options.AllowPrivateNetworks), options.ReadTimeout);
        _client = new(WebClient.Handler(options, connector.ConnectAsync));
    }

    public IReadOnlyList<string> Forms { get; } = ["https://host/path", "http://host/path"];

    public async ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        var address = WebReference.Check(reference, _hosts);
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var idle = new IdleTimeout(_options.ReadTimeout, _time, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, idle.Token);
            CheckResponse(reference, response);
            await using var body = await response.Content.ReadAsStreamAsync(idle.Token);
            var image = await StreamCopy.ReadAsync(body, reference, _options.MaxBytes, idle);
            _watch.Succeeded();
            return image;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
        {
            throw Explain(reference, address, error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusals.Missing(reference, $"host {address.Authority}: {idle.Message}", _watch.Failed(address.Authority));
        }
    }

    public void Dispose() => _client.Dispose();

    private static PartFailureException Refused(string reference, HttpStatusCode status) => (int)status switch
    {
        >= 300 and < 400 => Refusals.Forbidden(reference, $"the server redirects ({(int)status}); redirects are not followed"),
        404 => Refusals.Missing(reference, "there is no such image (yet): 404"),
        408 or 425 or 429 or >= 500 => Refusals.Missing(reference, $"the server answered {(int)status}"),
        _ => Refusals.Missing(reference, $"the server answered {(int)status}", Recovery.Permanent),
    };

    private void CheckResponse(string reference, HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            // Any response except 5xx, even an error, shows that the storage works.
            if ((int)response.StatusCode < 500)
            {
                _watch.Succeeded();
            }

            throw Refused(reference, response.StatusCode);
        }

        var encodings = response.Content.Headers.ContentEncoding;
        if (!encodings.All(e => e.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusals.Unreadable(
                reference, $"the body is encoded ({string.Join(", ", encodings)}); compressed responses are not accepted");
        }

        if (response.Content.Headers.ContentLength > _options.MaxBytes)
        {
            throw Refusals.TooLarge(reference, _options.MaxBytes);
        }
    }

    private PartFailureException Explain(string reference, Uri address, Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is ForbiddenAddressException forbidden)
            {
                return Refusals.Forbidden(reference, forbidden.Message);
            }
        }

        return error is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }
            ? Refusals.Missing(reference, "the answer ended before its announced length")
            : Refusals.Missing(reference, $"host {address.Authority}: {error.Message}", _watch.Failed(address.Authority));
    }
}
