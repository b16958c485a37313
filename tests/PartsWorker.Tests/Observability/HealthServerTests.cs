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

    private async Task<HealthServer> StartAsync(HealthOptions options)
    {
        var server = new HealthServer(options, _state, NullLogger<HealthServer>.Instance);
        await server.StartAsync(CancellationToken.None);
        return server;
    }
}
