using PartsWorker.Bundles.Bundle;
using PartsWorker.Client;
using PartsWorker.Harness;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Publishing;
using PartsWorker.IntegrationTests.Support;
using RabbitMQ.Client;

namespace PartsWorker.IntegrationTests.Worker;

/// <summary>A small factory: its own queues, its own database, a folder of images, the bundle of the repository, and as many workers as a
/// test starts.</summary>
internal sealed class Factory : IAsyncDisposable
{
    private readonly Broker _broker;

    private Factory(Broker broker, TestDatabase database, DirectoryInfo images) => (_broker, Database, Images) = (broker, database, images);

    public Broker Broker => _broker;

    public TestDatabase Database { get; }

    public string Prefix => _broker.Topology.Exchange;

    public DirectoryInfo Images { get; }

    public static string Bundle => Repository.Bundle;

    public static async Task<Factory> OpenAsync() =>
        new(await Broker.ConnectAsync(), await TestDatabase.CreateAsync(), Directory.CreateTempSubdirectory("parts-images-"));

    public ChildProcess StartWorker(params (string Name, string Value)[] environment) => ChildProcess.StartWorker("run", [
        ("ConnectionStrings__RabbitMq", RunningServices.RabbitMq),
        ("ConnectionStrings__Postgres", Database.ConnectionString),
        ("Rabbit__Prefix", _broker.Topology.Exchange),
        ("Model__Bundle", Bundle),
        ("Images__Roots__0", Images.FullName),
        ("Inference__Device", "cpu"),
        // The warm-up runs a batch of this length: a third of what starting a worker costs.
        ("Inference__LongestRun", "00:00:00.05"),
        .. environment]);

    /// <summary>The golden images of the bundle, copied <paramref name="copies"/> times into the image folder.</summary>
    public IReadOnlyList<string> CopyGoldenImages(int copies = 1) =>
        [.. from image in ModelBundle.Open(Bundle).ReadGolden().Images
            from copy in Enumerable.Range(0, copies)
            select CopyInto($"{copy}-{Path.GetFileName(image.File)}", Path.Combine(Bundle, "golden", image.File))];

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Images.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public async Task<Guid> PublishAsync(string path)
    {
        var id = Guid.NewGuid();
        await PublishRawAsync(ImageReferenceCodec.Encode(new ImageReference
        {
            ImageId = id,
            Uri = new Uri(path).AbsoluteUri,
            Line = "A",
            Camera = "cam-1",
            CapturedAt = new DateTimeOffset(2026, 5, 4, 6, 0, 0, TimeSpan.Zero),
        }), id.ToString());
        return id;
    }

    public async Task PublishRawAsync(byte[] body, string? messageId = null) => await _broker.Channel.BasicPublishAsync(
        _broker.Topology.Exchange, "image.live.A.cam-1", mandatory: true,
            new BasicProperties { MessageId = messageId, Persistent = true }, body);

    public Task<BasicGetResult?> DeadLetterAsync() => _broker.GetAsync(_broker.Topology.DeadQueue, TimeSpan.FromSeconds(120));

    public Task<uint> WaitingAsync() => _broker.Channel.MessageCountAsync(_broker.Topology.LiveQueue);

    public async Task UntilRowsAsync(long count)
    {
        // A loaded machine classifies 30 images per second.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(240 + (count / 30)));
        while (await Database.ScalarAsync<long>("SELECT count(*) FROM classifications") < count)
        {
            await Task.Delay(50, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        await Database.DisposeAsync();
        Images.Delete(recursive: true);
    }

    private string CopyInto(string name, string source)
    {
        var path = Path.Combine(Images.FullName, name);
        File.Copy(source, path);
        return path;
    }
}
