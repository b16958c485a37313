using PartsWorker.Harness.Network;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Publishing;

public sealed class SpoolSurvivesKillsTests : IDisposable
{
    private const int PerCamera = 5_000;
    private static readonly DateTime First = new(2026, 11, 21, 6, 0, 0, DateTimeKind.Utc);
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ten_thousand_references_arrive_in_order_though_the_broker_was_away_and_processes_were_killed()
    {
        await using var broker = await Broker.ConnectAsync();
        await using var proxy = new Proxy(RunningServices.RabbitMqPort) { Mode = ProxyMode.Refuse };
        var spool = Path.Combine(_folder, "spool");
        (
            string,
            string)[] environment = [(
                "ConnectionStrings__RabbitMq", RunningServices.RabbitMqThrough(proxy.Port)), ("Rabbit__Prefix", broker.Topology.Exchange)];
        ChildProcess Start(params string[] more) =>
            (Launch.Worker(["publish", "--spool", spool, "--json", .. more]) with { Environment = environment }).Start();
        ChildProcess Camera(string camera) => Start(Path.Combine(_folder, camera), "--line", "A", "--camera", camera);
        Shoot("cam-1");
        Shoot("cam-2");

        await KillAfterAsync(Camera("cam-1"), p => p.LinesAsync(2_000));
        await KillAfterAsync(Camera("cam-1"), p => p.LinesAsync(PerCamera));
        await KillAfterAsync(Camera("cam-2"), p => p.LinesAsync(PerCamera));
        proxy.Mode = ProxyMode.Forward;
        await KillAfterAsync(Start(), _ => broker.WaitForAsync(broker.Topology.LiveQueue, 3_000));
        using (var last = Start())
        {
            Assert.Equal(0, await last.ExitAsync());
        }

        var arrived = (await broker.TakeAllAsync(broker.Topology.LiveQueue)).DistinctBy(r => r.ImageId).ToArray();
        Assert.Equal(2 * PerCamera, arrived.Length);
        foreach (var camera in arrived.GroupBy(r => r.Camera))
        {
            Assert.Equal(
                Enumerable.Range(0, PerCamera).Select(i => First.AddMilliseconds(i)), camera.Select(r => r.CapturedAt.UtcDateTime));
        }
    }

    private static async Task KillAfterAsync(ChildProcess process, Func<ChildProcess, Task> moment)
    {
        using (process)
        {
            await moment(process);
            process.Kill();
            await process.ExitAsync();
        }
    }

    private void Shoot(string camera)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, camera)).FullName;
        for (var i = 0; i < PerCamera; i++)
        {
            var file = Path.Combine(folder, $"{i * 7919 % PerCamera:D6}-{i}.jpg");
            File.WriteAllText(file, $"{camera} {i}");
            File.SetLastWriteTimeUtc(file, First.AddMilliseconds(i));
        }
    }
}
