using System.Text.Json;
using Microsoft.Extensions.Configuration;
using PartsWorker.Status;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Status;

public sealed class StatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_broker_and_a_database_that_are_away_are_one_problem_each()
    {
        var (port, folder) = (FreePort.Find(), Directory.GetCurrentDirectory());
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("ConnectionStrings:RabbitMq", $"amqp://guest:secret@127.0.0.1:{port}/"),
            new("ConnectionStrings:Postgres", $"Host=127.0.0.1;Port={port};Database=parts;Username=worker;Password=secret"),
            new("Images:Roots:0", folder), new("Images:Roots:1", Path.Combine(folder, "no such folder")),
        ]).Build();

        var report = await new StatusCheck(settings).RunAsync(CancellationToken.None);

        Assert.Equal([true, false], report.Roots.OrderBy(root => root.Key, StringComparer.Ordinal).Select(root => root.Value));
        Assert.Equal(["Images", "broker", "database"], report.Problems.Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.All(report.Problems, line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
        Assert.All(report.Problems, line => Assert.DoesNotContain('\n', line));
        Assert.Contains("database     unknown", StatusOutput.ToLines(report, Now));
    }

    [Fact]
    public async Task Settings_that_are_missing_are_named()
    {
        var report = await new StatusCheck(new ConfigurationBuilder().Build()).RunAsync(CancellationToken.None);

        Assert.Contains(report.Problems, line => line.Contains("ConnectionStrings__RabbitMq", StringComparison.Ordinal));
        Assert.Contains(report.Problems, line => line.Contains("ConnectionStrings__Postgres", StringComparison.Ordinal));
    }

    [Fact]
    public void Everything_is_in_the_lines_and_in_the_json()
    {
        var report = new StatusReport(
            "127.0.0.1:5672, RabbitMQ 3.13", [new QueueStatus("parts.live", 12, 1, 90), new QueueStatus("parts.dead", 3, 0, null)],
            new DatabaseStatus("127.0.0.1:5432/parts", "16", 15, 15), new ModelStatus("parts@2", Now, "parts@3", 0.25),
            [new WorkerStatus("host:1", Now.AddSeconds(-2), 600)], new MinuteStatus(600, 2, 1),
            new Dictionary<string, long> { ["missing-image"] = 3 }, new Dictionary<string, bool> { ["/srv"] = true }, []);

        Assert.Equal(
            [
                "broker       127.0.0.1:5672, RabbitMQ 3.13",
                "queue        parts.live                 12 waiting, 1 consumer, for at most 90 s",
                "queue        parts.dead                  3 waiting, 0 consumers",
                "database     127.0.0.1:5432/parts, PostgreSQL 16, schema V015 (this program: V015)",
                "model        parts@2, active since 2026-11-20 12:00:00Z; shadow parts@3 on 25 % of live images",
                "workers      host:1 stored 600 in the last minute, the last one 2 s ago",
                "last minute  600 stored, 2 retried, 1 dead",
                "dead letters 3 missing-image",
                "root         /srv: readable",
            ],
            StatusOutput.ToLines(report, Now));
        using var json = JsonDocument.Parse(StatusOutput.ToJson(report));
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(12, json.RootElement.GetProperty("queues")[0].GetProperty("waiting").GetInt64());
        Assert.Equal(15, json.RootElement.GetProperty("database").GetProperty("schema").GetInt32());
    }
}
