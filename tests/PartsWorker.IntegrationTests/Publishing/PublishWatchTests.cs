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
        PartsWorkerProcess Watch() => new(
            new() { ["ConnectionStrings__RabbitMq"] = Broker.ConnectionString, ["Rabbit__Prefix"] = broker.Topology.Exchange },
            "publish", camera, "--line", "A", "--camera", "c", "--watch", "--spool", Path.Combine(_folder, "spool"), "--json");
        await using var upload = new FileStream(Path.Combine(camera, "4-uploading.jpg"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
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
            await first.KillAsync();
        }

        File.WriteAllText(Path.Combine(camera, "3.jpg"), "three");
        await upload.DisposeAsync();
        using (var second = Watch())
        {
            await second.LinesAsync(2);
            await broker.WaitForAsync(broker.Topology.LiveQueue, 4);
            Assert.Equal(0, await second.TerminateAsync());
            Assert.Equal(2, second.Output.Count);
        }

        // A kill between the broker's confirm and the note of it sends that reference again: with the same imageId, so it is still one image.
        var arrived = (await broker.TakeAllAsync(broker.Topology.LiveQueue)).DistinctBy(r => r.ImageId);
        Assert.Equal(["1.jpg", "2.jpg", "3.jpg", "4-uploading.jpg"], arrived.Select(r => Path.GetFileName(r.Uri)).Order());
    }
}
