using System.Text;
using PartsWorker.Client;

namespace PartsWorker.IntegrationTests.Worker;

public class MainPathTests
{
    [Fact]
    public async Task Every_published_image_becomes_exactly_one_row_however_often_the_worker_is_killed()
    {
        await using var factory = await Factory.OpenAsync();
        var images = factory.CopyGoldenImages(copies: 15);
        var ids = new List<Guid>();
        foreach (var image in images)
        {
            ids.Add(await factory.PublishAsync(image));
        }

        for (var kill = 0; kill < 3; kill++)
        {
            using var victim = factory.StartWorker(("Pipeline__MaxBatch", "4"), ("Model__Verify", "false"));
            await victim.UntilAsync("Connected to RabbitMQ for the Live lane");
            await factory.UntilRowsAsync(1 + (kill * 20));
            victim.Kill();
            await victim.ExitAsync();
        }

        using var worker = factory.StartWorker();
        // The killed ones may have stored everything; a signal before the program has started would end it at once.
        await worker.UntilAsync("Connected to RabbitMQ for the Live lane");
        await factory.UntilRowsAsync(images.Count);
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());

        var rows = await factory.Database.LinesAsync("SELECT image_id, count(*) FROM classifications GROUP BY image_id ORDER BY image_id");
        Assert.Equal(ids.Order().Select(id => $"{id}|1").Order(), rows.Order());
        Assert.Equal(0U, await factory.WaitingAsync());
    }

    [Fact]
    public async Task A_shut_down_worker_has_acknowledged_what_it_stored_and_nothing_else()
    {
        await using var factory = await Factory.OpenAsync();
        var images = factory.CopyGoldenImages(copies: 10);
        foreach (var image in images)
        {
            await factory.PublishAsync(image);
        }

        using (var worker = factory.StartWorker(("Pipeline__MaxBatch", "2")))
        {
            await factory.UntilRowsAsync(10);
            worker.Terminate();
            Assert.Equal(0, await worker.ExitAsync());
        }

        var stored = await factory.Database.ScalarAsync<long>("SELECT count(*) FROM classifications");
        Assert.Equal(images.Count, stored + await factory.WaitingAsync());
        Assert.Equal(stored, await factory.Database.ScalarAsync<long>(
            "SELECT count(*) FROM classifications WHERE model_ms > 0 AND model_precision IS NOT NULL"));
    }

    [Theory]
    [InlineData("not json", "bad-message", "JSON")]
    [InlineData("""{"uri":"file:///a.jpg","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z"}""", "bad-message", "imageId")]
    [InlineData(
        """{"imageId":"ID","uri":"file:///etc/hostname","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z"}""",
        "forbidden-reference", "Images:Roots")]
    [InlineData(
        """{"imageId":"ID","uri":"file://ROOT/empty.jpg","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z"}""",
        "unreadable-image", "empty")]
    [InlineData(
        """{"imageId":"ID","uri":"file://ROOT/text.jpg","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z"}""",
        "unreadable-image", "")]
    [InlineData(
        """{"imageId":"ID","uri":"file://ROOT/half.jpg","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z"}""",
        "unreadable-image", "")]
    [InlineData(
        """{"imageId":"ID","uri":"file://ROOT/huge.png","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z"}""",
        "too-large", "30000")]
    public async Task A_bad_message_goes_to_the_dead_letters_with_its_reason_and_affects_no_other(string body, string reason, string says)
    {
        await using var factory = await Factory.OpenAsync();
        var good = factory.CopyGoldenImages();
        factory.Write("empty.jpg", []);
        factory.Write("text.jpg", Encoding.UTF8.GetBytes("this is not an image"));
        var whole = File.ReadAllBytes(good[0]);
        factory.Write("half.jpg", whole[..(whole.Length / 2)]);
        factory.Write("huge.png", HugePng());
        await factory.PublishAsync(good[0]);
        await factory.PublishRawAsync(
            Encoding.UTF8.GetBytes(body.Replace("ID", Guid.NewGuid().ToString()).Replace("ROOT", factory.Images.FullName)));
        await factory.PublishAsync(good[1]);

        using var worker = factory.StartWorker();
        var dead = await factory.DeadLetterAsync();
        await factory.UntilRowsAsync(2);

        Assert.True(dead is not null, worker.Text);
        Assert.Equal(reason, Text(dead.BasicProperties.Headers![PartsHeaders.Reason]));
        Assert.Contains(says, Text(dead.BasicProperties.Headers[PartsHeaders.Error]), StringComparison.OrdinalIgnoreCase);
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task A_missing_image_waits_in_the_retry_queue_and_is_stored_once_it_is_there()
    {
        await using var factory = await Factory.OpenAsync();
        var image = factory.CopyGoldenImages()[0];
        var later = Path.Combine(factory.Images.FullName, "later.jpg");
        await factory.PublishAsync(later);

        using var worker = factory.StartWorker();
        await worker.UntilAsync("goes to retry 1");
        File.Copy(image, later);

        await factory.UntilRowsAsync(1);
        Assert.Equal("2", Assert.Single(await factory.Database.LinesAsync("SELECT attempts FROM classifications")));
    }

    [Fact]
    public async Task An_unknown_field_is_accepted_and_kept()
    {
        await using var factory = await Factory.OpenAsync();
        var image = factory.CopyGoldenImages()[0];
        var (id, uri) = (Guid.NewGuid(), new Uri(image));
        var body = $$$"""
            {"imageId":"{{{id}}}","uri":"{{{uri}}}","line":"A","camera":"c","capturedAt":"2026-05-04T06:00:00Z","lens":{"mm":35}}
            """;
        await factory.PublishRawAsync(Encoding.UTF8.GetBytes(body));

        using var worker = factory.StartWorker();
        await factory.UntilRowsAsync(1);

        Assert.Equal("35", Assert.Single(await factory.Database.LinesAsync("SELECT attributes #>> '{lens,mm}' FROM images")));
    }

    private static string Text(object? header) => header is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{header}";

    /// <summary>A PNG whose header claims 30000 x 30000 pixels.</summary>
    private static byte[] HugePng() =>
    [
        0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R',
        0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 1, 0, 0, 0, 0, 0x91, 0x9B, 0xD5, 0x5C, 0, 0, 0, 0, (
            byte)'I', (byte)'D', (byte)'A', (byte)'T', 0x35, 0xAF, 0x06, 0x1E,
    ];
}
