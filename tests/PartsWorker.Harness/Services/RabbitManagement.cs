using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;

namespace PartsWorker.Harness.Services;

/// <summary>Queries RabbitMQ's management API. Its counts are up to five seconds old.</summary>
internal sealed class RabbitManagement : IDisposable
{
    // Twenty seconds; the API collects these figures every five.
    private const int NodeTries = 40;
    private static readonly TimeSpan NodePause = TimeSpan.FromMilliseconds(500);
    private readonly HttpClient _http;

    /// <param name="address"><c>http://user:password@host:port</c></param>
    public RabbitManagement(Uri address)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)));
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
    }

    /// <summary>Open connections and channels of the whole broker.</summary>
    /// <exception cref="HttpRequestException">The API does not answer.</exception>
    public async Task<OpenObjects> OpenAsync(CancellationToken cancellation) =>
        (await _http.GetFromJsonAsync<Overview>("api/overview", cancellation))!.ObjectTotals;

    /// <summary>The only node of the broker. One that has just started tells neither process nor folder; it is waited for.</summary>
    /// <exception cref="HttpRequestException">The API does not answer.</exception>
    /// <exception cref="TimeoutException">The node tells nothing about itself.</exception>
    public async Task<BrokerNode> NodeAsync(CancellationToken cancellation)
    {
        for (var tries = 0; tries < NodeTries; tries++)
        {
            if ((await _http.GetFromJsonAsync<BrokerNode[]>("api/nodes", cancellation))![0] is { DataFolder.Length: > 0 } node)
            {
                return node;
            }

            await Task.Delay(NodePause, cancellation);
        }

        throw new TimeoutException("RabbitMQ's management API does not tell the folder of its node");
    }

    /// <summary>Creates a user with these rights, as regular expressions, on the virtual host <c>/</c>.</summary>
    public async Task CreateUserAsync(string name, string password, string configure, string write, string read)
    {
        await PutAsync($"api/users/{name}", new { password, tags = "" });
        await PutAsync($"api/permissions/%2F/{name}", new { configure, write, read });
    }

    public async Task DeleteUserAsync(string name) => (await _http.DeleteAsync($"api/users/{name}")).EnsureSuccessStatusCode();

    public void Dispose() => _http.Dispose();

    private async Task PutAsync<T>(string path, T body) => (await _http.PutAsJsonAsync(path, body)).EnsureSuccessStatusCode();

    private sealed record Overview([property: JsonPropertyName("object_totals")] OpenObjects ObjectTotals);
}

/// <summary>The open connections and channels of a broker.</summary>
internal sealed record OpenObjects(int Connections, int Channels);

/// <summary>A node of a broker: the id of its process on its machine, and the folder of its data.</summary>
internal sealed record BrokerNode(
    [property: JsonPropertyName("os_pid")] string ProcessId, [property: JsonPropertyName("db_dir")] string DataFolder);
