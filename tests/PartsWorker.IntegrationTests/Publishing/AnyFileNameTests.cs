using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Worker;
using PartsWorker.Tests.Publishing;

namespace PartsWorker.IntegrationTests.Publishing;

/// <summary>
/// Files with random names of any bytes that Linux allows. PARTS_FILE_NAMES sets their number (default 1,000); 10,000 take about two
/// minutes.
/// </summary>
public sealed class AnyFileNameTests : IDisposable
{
    private const int MostBytes = 200;

    private static readonly int Count =
        int.Parse(Environment.GetEnvironmentVariable("PARTS_FILE_NAMES") ?? "1000", CultureInfo.InvariantCulture);

    private readonly RawFolder _folder = new();

    [Fact]
    public async Task Every_file_is_a_row_or_is_named_once()
    {
        await using var factory = await Factory.OpenAsync();
        var image = File.ReadAllBytes(Path.Combine(Factory.Bundle, "golden", ModelBundle.Open(Factory.Bundle).ReadGolden().Images[0].File));
        foreach (var name in Names())
        {
            _folder.Write(name + ".jpg", image);
        }

        using var publish = ChildProcess.StartWorker(
            $"publish {_folder.Path} --line A --camera cam-1 --json",
            ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", factory.Prefix));
        await publish.ExitAsync();
        var lines = publish.Text.Split('\n');
        var reports = lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var published = reports.Where(report => report.GetProperty("status").GetString() == "published").ToArray();
        var refused = reports.Except(published).Select(report => report.GetProperty("file").GetString()!).ToArray();
        Assert.Equal(Count, reports.Length);
        Assert.Equal(refused.Length, lines.Count(line => line.StartsWith("partsworker: /", StringComparison.Ordinal)));
        Assert.Equal(refused.Length, refused.Distinct().Count());
        Assert.InRange(refused.Length, 1, Count / 5);

        using var worker = factory.StartWorker(("Images__Roots__0", _folder.Path), ("Model__Verify", "false"));
        await factory.UntilRowsAsync(published.Length);

        Assert.Equal(
            published.Select(report => report.GetProperty("uri").GetString()).Order(StringComparer.Ordinal),
            (await factory.Database.LinesAsync("SELECT uri FROM images")).Order(StringComparer.Ordinal));
        Assert.Equal(0u, await factory.Broker.Channel.MessageCountAsync(factory.Broker.Topology.DeadQueue));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Different names, one char per byte. Names that begin with '.' or '~' are hidden, so publish leaves them out.</summary>
    private static IEnumerable<string> Names()
    {
        var any = Gen.Choose(1, 255).Where(value => value != '/').Select(value => (char)value);
        // No reference may name control characters and backslashes, so a long name of any bytes is nearly always refused.
        var usual = any.Where(value => value >= ' ' && value is not ('\\' or '\u007f'));
        var name =
            from letter in Gen.Frequency((9, Gen.Constant(usual)), (1, Gen.Constant(any)))
            from length in Gen.Choose(1, MostBytes)
            from letters in letter.ArrayOf(length)
            where letters[0] is not ('.' or '~')
            select new string(letters);
        return Draws(name).Distinct(StringComparer.Ordinal).Take(Count);
    }

    // Short names, in which single odd bytes weigh more, as often as long ones.
    private static IEnumerable<string> Draws(Gen<string> name)
    {
        for (var draw = 0; ; draw++)
        {
            foreach (var sample in name.Sample(1000))
            {
                yield return draw % 2 == 0 ? sample : sample[..Math.Min(sample.Length, 1 + (sample.Length % 6))];
            }
        }
    }
}
