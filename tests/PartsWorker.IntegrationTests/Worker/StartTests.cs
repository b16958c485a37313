using System.Text.Json;
using Npgsql;
using PartsWorker.Database;
using PartsWorker.Harness;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Support;

namespace PartsWorker.IntegrationTests.Worker;

/// <summary>Errors before the first message: one clear line and exit code 2, or retries where waiting can help.</summary>
public class StartTests
{
    private static readonly (string, string)[] Reachable =
    [
        ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq),
        ("ConnectionStrings__Postgres", RunningServices.Postgres),
        ("Rabbit__Prefix", $"start-{Guid.NewGuid():N}"[..20]),
        ("Model__Bundle", Factory.Bundle),
    ];

    [Theory]
    [InlineData("Model__Bundle", "/no/such/bundle", "no such model bundle folder")]
    [InlineData("ConnectionStrings__RabbitMq", "not a uri", "RabbitMq")]
    [InlineData("ConnectionStrings__Postgres", "postgres://u:secret@h/db", "ConnectionStrings:Postgres")]
    [InlineData("Pipeline__MaxBatch", "0", "MaxBatch")]
    [InlineData("Pipeline__MaxBatch", "many", "Pipeline:MaxBatch")]
    [InlineData("Inference__Device", "cuda", "cuda")]
    [InlineData("Inference__Device", "gpu", "Inference:Device is 'gpu'; use auto, cuda or cpu")]
    [InlineData("Pipeline__MaxBach", "8", "did you mean Pipeline:MaxBatch?")]
    [InlineData("Inference__MaxBatch", "8", "did you mean Pipeline:MaxBatch?")]
    [InlineData("Images__Root__0", "/data", "did you mean Images:Roots?")]
    [InlineData("Images__Roots", "/data", "Images:Roots:0=/data")]
    [InlineData("Rabit__Prefix", "x", "did you mean Rabbit:Prefix?")]
    [InlineData("Images__Roots__0", "relative/folder", "Images:Roots")]
    public async Task A_wrong_setting_stops_the_start_with_one_line(string name, string value, string says)
    {
        // The database of the services may have an active model, which takes precedence over Model:Bundle.
        await using var database = await TestDatabase.CreateAsync();
        using var worker = ChildProcess.StartWorker(
            "run", [.. Reachable, ("ConnectionStrings__Postgres", database.ConnectionString), (name, value)]);

        Assert.Equal(2, await worker.ExitAsync());
        var line = Assert.Single(worker.Text.Split('\n'), l => l.StartsWith("partsworker: ", StringComparison.Ordinal));
        Assert.Contains(says, line, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", worker.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", worker.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("run --Model:Bundle X")]
    [InlineData("dead-letters show nope")]
    [InlineData("publish --no-such-option")]
    [InlineData("retention --keep soon")]
    [InlineData("publish . --line A --camera cam-1 --Rabbit:Prefx=x")]
    [InlineData("reprocess --model m@1 --Reprocess:PagSize=10")]
    [InlineData("dead-letters list --Rabit:Prefix=x")]
    [InlineData("classify . --Images:MaxByte=4096")]
    [InlineData("models list --Modell:Root=/models")]
    public async Task A_wrong_command_line_is_wrong_usage(string arguments)
    {
        using var worker = ChildProcess.StartWorker(arguments, Reachable);

        Assert.Equal(2, await worker.ExitAsync());
        Assert.DoesNotContain("   at ", worker.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models list", "PostgreSQL cannot be reached")]
    [InlineData("dead-letters list", "RabbitMQ at 127.0.0.1:1 cannot be reached")]
    [InlineData("publish GOLDEN --line A --camera cam-1", "RabbitMQ at 127.0.0.1:1 cannot be reached")]
    [InlineData("publish GOLDEN --line A --camera cam-1 --watch --spool /proc/nowhere", "/proc/nowhere")]
    [InlineData("demo --bundle GOLDEN/..", "PostgreSQL cannot be reached")]
    public async Task What_a_command_cannot_reach_is_one_line(string arguments, string says)
    {
        using var worker = ChildProcess.StartWorker(
            arguments.Replace("GOLDEN", Path.Combine(Factory.Bundle, "golden"), StringComparison.Ordinal),
            [
                ("ConnectionStrings__RabbitMq", "amqp://u:secret@127.0.0.1:1/"),
                ("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1;Database=parts;Username=u;Password=secret"),
            ]);

        Assert.Equal(1, await worker.ExitAsync());
        var line = Assert.Single(worker.Text.Split('\n'), l => l.StartsWith("partsworker: ", StringComparison.Ordinal));
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", worker.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", worker.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_that_does_not_exist_is_a_warning_at_start()
    {
        using var worker = ChildProcess.StartWorker(
            "run", [.. Reachable, ("Images__Roots__0", "/no/such/folder"), ("Model__Bundle", Factory.Bundle + "/")]);

        await worker.UntilAsync("Images:Roots names /no/such/folder, which does not exist");
        worker.Terminate();
        Assert.True(await worker.ExitAsync() == 0, worker.Text);
    }

    [Fact]
    public async Task A_bundle_altered_by_one_byte_is_refused()
    {
        var copy = Directory.CreateTempSubdirectory("bundle-");
        try
        {
            var folder = BundleCopy.Make(Factory.Bundle, copy.FullName, "1.0.0");
            var stage = Path.Combine(folder, "stage2.onnx");
            var bytes = await File.ReadAllBytesAsync(stage);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(stage, bytes);

            await using var database = await TestDatabase.CreateAsync();
            using var worker = ChildProcess.StartWorker(
                "run", [.. Reachable, ("ConnectionStrings__Postgres", database.ConnectionString), ("Model__Bundle", folder)]);

            Assert.Equal(2, await worker.ExitAsync());
            Assert.Contains("stage2.onnx", worker.Text, StringComparison.Ordinal);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Without_broker_and_database_it_keeps_trying_and_is_not_ready()
    {
        var port = FreePort();
        using var worker = ChildProcess.StartWorker("run", [
            .. Reachable,
            ("ConnectionStrings__RabbitMq", "amqp://u:p@127.0.0.1:1/"),
            ("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=p"),
            ("Health__Port", $"{port}"),
            ("Health__Address", "127.0.0.1")]);
        await worker.UntilAsync("Could not connect to RabbitMQ for the Live lane (attempt 2)");

        using var http = new HttpClient();
        var ready = await http.GetAsync($"http://127.0.0.1:{port}/health/ready");
        var live = await http.GetAsync($"http://127.0.0.1:{port}/health/live");

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, live.StatusCode);
        var answer = JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("cpu", answer.GetProperty("device").GetString());
        Assert.True(answer.GetProperty("problems").TryGetProperty("broker", out _));
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task With_a_wrong_password_it_is_not_ready_and_gives_the_reason()
    {
        await using var database = await TestDatabase.CreateAsync();
        var wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = "wrong-secret" }.ConnectionString;

        Assert.Equal("PostgreSQL refused user or password: check ConnectionStrings:Postgres", await DatabaseProblemAsync(wrong));
    }

    [Fact]
    public async Task Without_tables_it_is_not_ready_until_they_are_there()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);

        var problem = await DatabaseProblemAsync(database.ConnectionString, async ready =>
        {
            await new Migrator(database.Source, Migration.Embedded(), _ => { }).ApplyAsync(dryRun: false, CancellationToken.None);
            await ready();
        });

        Assert.Equal("the database is not migrated: run `partsworker migrate`", problem);
    }

    /// <summary>Starts a worker that lacks only its database, and returns the problem that readiness shows.</summary>
    private static async Task<string?> DatabaseProblemAsync(string connectionString, Func<Func<Task>, Task>? repair = null)
    {
        var port = FreePort();
        using var worker = ChildProcess.StartWorker("run", [
            .. Reachable,
            ("ConnectionStrings__Postgres", connectionString),
            ("Health__Port", $"{port}"),
            ("Health__Address", "127.0.0.1")]);
        await worker.UntilAsync("Connected to RabbitMQ for the Live lane");
        await worker.UntilAsync("Connected to RabbitMQ for the Reprocess lane");
        await worker.UntilAsync("Database check failed");

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var answer = await http.GetAsync("/health/ready");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var problem = Assert.Single(
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("problems").EnumerateObject());
        Assert.Equal("database", problem.Name);
        await (repair?.Invoke(async () =>
        {
            await worker.UntilAsync("Database check passed");
            Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
        }) ?? Task.CompletedTask);
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());
        return problem.Value.GetString();
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }
}
