using PartsWorker.Harness;
using PartsWorker.Harness.Processes;

namespace PartsWorker.IntegrationTests.Measuring;

[Collection("bench")]
public class PartsbenchTests
{
    [Theory]
    [InlineData("run --model none --images GOLDEN", 1, "PostgreSQL cannot be reached")]
    [InlineData("backlog --images GOLDEN --messages 100", 1, "PostgreSQL cannot be reached")]
    [InlineData("run --model none --images /proc/nowhere", 1, "/proc/nowhere")]
    [InlineData("run --model real --images GOLDEN", 2, "--model real needs --real BUNDLE")]
    [InlineData("costs --quick --bundle real=nowhere --images GOLDEN --out /tmp", 1, "PostgreSQL cannot be reached")]
    [InlineData("costs --bundle real --images GOLDEN --out /tmp", 2, "--bundle real: must be NAME=FOLDER")]
    [InlineData("costs --quick --bundle real=nowhere --images GOLDEN", 2, "--quick needs --out FOLDER")]
    [InlineData("plan --images-per-second 0 --size 5MP --model real-int8", 2, "--images-per-second 0: must be 0.001..1000000")]
    [InlineData("plan --images-per-second 10 --size 50MP --model real-int8", 2, "--size 50MP: must be 0.3MP..12MP")]
    [InlineData("plan --images-per-second 10 --size 5MP --model other", 2, "--model other: was not measured")]
    [InlineData("plan --images-per-second 10 --size 5MP --model real --costs nowhere.json", 2, "nowhere.json: cannot be read")]
    [InlineData("scale --images-per-second 10 --seconds 0 --size 5MP --model real", 2, "--seconds 0: must be 1..86400")]
    [InlineData("soak --images GOLDEN --kill-every 30", 2, "--kill-every needs --workers 2 or more")]
    [InlineData("soak --images GOLDEN --messages 1", 2, "--messages 1: must be 100..1000000000")]
    public async Task What_it_cannot_do_is_one_line(string arguments, int code, string says)
    {
        var words = arguments.Replace("GOLDEN", Path.Combine(Repository.Bundle, "golden"), StringComparison.Ordinal).Split(' ');
        using var bench = new Launch(Programs.Bench, words)
        {
            Environment =
            [
                ("ConnectionStrings__RabbitMq", "amqp://u:secret@127.0.0.1:1/"),
                ("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1;Database=parts;Username=u;Password=secret"),
            ],
        }.Start();

        Assert.Equal(code, await bench.ExitAsync());
        var line = Assert.Single(bench.Text.Split('\n'), l => l.StartsWith("partsbench: ", StringComparison.Ordinal));
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", bench.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", bench.Text, StringComparison.Ordinal);
    }
}
