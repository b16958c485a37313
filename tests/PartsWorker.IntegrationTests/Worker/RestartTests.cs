using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;
using PartsWorker.Registry;

namespace PartsWorker.IntegrationTests.Worker;

/// <summary>Two bundles: <c>Model:Bundle</c> is 1.0.0, SQL names 1.0.1.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("models-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_worker_that_restarts_classifies_nothing_with_another_model_than_SQL_names()
    {
        await using var factory = await Factory.OpenAsync();
        var (pinned, active) = (BundleCopy.Make(Repository.Bundle, _root, "1.0.0"), BundleCopy.Make(Repository.Bundle, _root, "1.0.1"));
        await ActivateAsync(factory, active);
        var images = await PublishAsync(factory, copies: 6);

        using var worker = factory.StartWorker(("Model__Bundle", pinned));
        await factory.UntilRowsAsync(images);

        Assert.Equal(
            [$"real-parts@1.0.1|{images}"],
            await factory.Database.LinesAsync("SELECT model, count(*) FROM classifications GROUP BY model"));
    }

    [Fact]
    public async Task A_worker_whose_active_bundle_is_missing_takes_nothing_until_the_bundle_is_there()
    {
        await using var factory = await Factory.OpenAsync();
        var (pinned, active) = (BundleCopy.Make(Repository.Bundle, _root, "1.0.0"), BundleCopy.Make(Repository.Bundle, _root, "1.0.1"));
        await ActivateAsync(factory, active);
        Directory.Move(active, $"{active}-away");
        var images = await PublishAsync(factory, copies: 1);

        using var worker = factory.StartWorker(("Model__Bundle", pinned));
        await worker.UntilAsync("Could not load the active model real-parts@1.0.1");
        await worker.UntilAsync("Database check passed");
        Assert.Equal((uint)images, await factory.WaitingAsync());

        Directory.Move($"{active}-away", active);
        await factory.UntilRowsAsync(images);

        Assert.Equal(
            [$"real-parts@1.0.1|{images}"],
            await factory.Database.LinesAsync("SELECT model, count(*) FROM classifications GROUP BY model"));
    }

    private static async Task ActivateAsync(Factory factory, string bundle)
    {
        var registry = new ModelRegistry(factory.Database.Source);
        var opened = ModelBundle.Open(bundle);
        await registry.RegisterAsync(opened, CancellationToken.None);
        await registry.ActivateAsync(opened.Key, CancellationToken.None);
    }

    private static async Task<int> PublishAsync(Factory factory, int copies)
    {
        // The queue exists before the first worker; what is published waits in it.
        var images = factory.CopyGoldenImages(copies);
        foreach (var image in images)
        {
            await factory.PublishAsync(image);
        }

        return images.Count;
    }
}
