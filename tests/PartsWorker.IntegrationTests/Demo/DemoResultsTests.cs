using PartsWorker.Client;
using PartsWorker.Demo;
using PartsWorker.IntegrationTests.Support;

namespace PartsWorker.IntegrationTests.Demo;

public sealed class DemoResultsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateWithModelsAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Rows_of_images_that_the_folder_had_before_do_not_count()
    {
        var (before, now) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.WriteAsync(
            SomeResult.Row(before) with { Line = DemoSample.Line }, SomeResult.Row(now) with { Line = DemoSample.Line });
        var reference = new ImageReference
        {
            ImageId = now,
            CapturedAt = SomeResult.Noon,
            Line = DemoSample.Line,
            Camera = "cam-1",
            Uri = "file:///images/1.jpg",
        };

        var rows = await new DemoResults(_database.Source, "cam-1", [new DemoSample(reference, "red plate")])
            .ReadAsync(CancellationToken.None);

        Assert.Equal(now, Assert.Single(rows).ImageId);
    }
}
