using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Publishing;

public sealed class PublishWatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_finished_file_is_published_once_also_after_a_kill()
    {
        await using var broker = await Broker.ConnectAsync();
        var camera = Directory.CreateDirectory(Path.Combine(_folder, "in")).FullName;
        ChildProcess Watch() => ChildProcess.StartWorker(
            $"publish {camera} --line A --camera c --watch --spool {_folder}/spool --json",
            ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq), ("Rabbit__Prefix", broker.Topology.Exchange));
        await using var upload = new FileStream(
            Path.Combine(camera, "4-uploading.jpg"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        upload.WriteByte(1);
        await upload.FlushAsync();
        File.WriteAllText(Path.Combine(camera, "1.jpg"), "one");
        File.WriteAllText(Path.Combine(camera, "2.jpg.part"), "half");

        using (var first = Watch())
        {
            await first.LinesAsync(1);
            File.Move(Path.Combine(camera, "2.jpg.part"), Path.Combine(camera, "2.jpg"));
            await first.LinesAsync(2);
            await broker.WaitForAsync(broker.Topology.LiveQueue, 2);
            first.Kill();
            await first.ExitAsync();
        }

        File.WriteAllText(Path.Combine(camera, "3.jpg"), "three");
        await upload.DisposeAsync();
        using (var second = Watch())
        {
            await second.LinesAsync(2);
            await broker.WaitForAsync(broker.Topology.LiveQueue, 4);
            second.Terminate();
            Assert.Equal(0, await second.ExitAsync());
            Assert.Equal(2, second.Lines.Count);
        }

        // A kill between the broker's confirm and the note of it sends that reference again: with the same imageId, so it is still one
        // image.
        var arrived = (await broker.TakeAllAsync(broker.Topology.LiveQueue)).DistinctBy(r => r.ImageId);
        Assert.Equal(["1.jpg", "2.jpg", "3.jpg", "4-uploading.jpg"], arrived.Select(r => Path.GetFileName(r.Uri)).Order());
    }
}
