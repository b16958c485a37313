using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Hosting;
using PartsWorker.Observability;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Observability;

public sealed class HealthServerTests : IDisposable
{
    private readonly WorkerState _state = new(TimeProvider.System);
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("text/plain;version=0.0.4")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    public async Task Prometheus_reads_what_the_worker_counts(string accept)
    {
        var port = FreePort.Find();
        await using var server = await StartAsync(new HealthOptions { Port = port, Address = "127.0.0.1" });
        using var metrics = new PipelineMetrics(_state);
        // The exporter also reads the meters of tests that run at the same time.
        var lane = $"lane-{port}";
        metrics.Stored(lane, "accepted", TimeSpan.FromMilliseconds(40));
        metrics.Stored(lane, "accepted", TimeSpan.FromMilliseconds(40));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _http.SendAsync(request);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');

        var counted = lines.Where(line => line.StartsWith("parts_stored_total{", StringComparison.Ordinal));
        var stored = Assert.Single(counted, line => line.Contains($"parts_lane=\"{lane}\"", StringComparison.Ordinal));
        Assert.Contains("parts_decision=\"accepted\"", stored, StringComparison.Ordinal);
        Assert.Equal("2", stored.Split("} ")[1].Split(' ')[0]);
        Assert.Contains(lines, line => line.StartsWith("messaging_process_duration_seconds_bucket{", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("parts_problems{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_metrics_are_off_there_is_no_such_page()
    {
        var port = FreePort.Find();
        await using var server = await StartAsync(new HealthOptions { Port = port, Address = "127.0.0.1", Metrics = false });

        using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{port}/metrics"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_with_the_remedy()
    {
        var options = new HealthOptions { Port = FreePort.Find(), Address = "127.0.0.1" };
        await using var first = await StartAsync(options);

        var error = await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(options));

        var line = StartErrors.Explain(error);
        Assert.StartsWith("Health:Port is taken: ", line, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{options.Port}", line, StringComparison.Ordinal);
        Assert.EndsWith("; choose another, or 0 for none", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::1", true)]
    [InlineData("[::]", true)]
    [InlineData("localhost", true)]
    [InlineData("worker-1", false)]
    [InlineData("*", false)]
    public void A_name_that_would_open_the_port_to_everybody_is_refused(string address, bool allowed)
    {
        var options = new HealthOptions { Port = 8080, Address = address };

        var problems = options.Validate(new ValidationContext(options)).Select(problem => problem.ErrorMessage!).ToList();

        Assert.Equal(allowed, problems.Count == 0);
        var line = $"Address is not an IP address: {address}; use ";
        Assert.All(problems, problem => Assert.StartsWith(line, problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("::1", "[::1]")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("localhost", "localhost")]
    public async Task Probes_are_answered_at_an_IPv6_address_and_at_localhost(string address, string host)
    {
        var port = FreePort.Find();
        await using var server = await StartAsync(new HealthOptions { Port = port, Address = address });

        Assert.Equal("live", await _http.GetStringAsync(new Uri($"http://{host}:{port}/health/live")));
    }

    private async Task<HealthServer> StartAsync(HealthOptions options)
    {
        var server = new HealthServer(options, _state, NullLogger<HealthServer>.Instance);
        await server.StartAsync(CancellationToken.None);
        return server;
    }
}
