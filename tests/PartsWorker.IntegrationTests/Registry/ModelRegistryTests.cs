using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Registry;

namespace PartsWorker.IntegrationTests.Registry;

public sealed class ModelRegistryTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("models-").FullName;
    private TestDatabase _database = null!;
    private ModelRegistry _registry = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _registry = new ModelRegistry(_database.Source);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_bundle_is_registered_once_with_its_classes()
    {
        var bundle = ModelBundle.Open(Repository.Bundle);

        Assert.True(await _registry.RegisterAsync(bundle, CancellationToken.None));
        Assert.False(await _registry.RegisterAsync(bundle, CancellationToken.None));

        Assert.Equal(
            bundle.Labels.Classes.Count,
            await _database.ScalarAsync<long>($"SELECT count(*) FROM model_classes WHERE model = '{Repository.BundleKey}'"));
    }

    [Fact]
    public async Task Another_bundle_under_a_known_key_is_refused()
    {
        await _registry.RegisterAsync(ModelBundle.Open(Repository.Bundle), CancellationToken.None);
        var copy = BundleCopy.Make(Repository.Bundle, _folder, Path.GetFileName(Repository.Bundle));

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => _registry.RegisterAsync(ModelBundle.Open(copy), CancellationToken.None));

        Assert.Contains("a version never changes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_word_active_finds_the_model_that_answers_now()
    {
        await RegisterTwoAsync();
        await Assert.ThrowsAsync<UserErrorException>(() => _registry.FindAsync(ModelRegistry.Active, CancellationToken.None));
        await _registry.ActivateAsync("real-parts@1", CancellationToken.None);
        await _registry.ActivateAsync("real-parts@2", CancellationToken.None);

        Assert.Equal("real-parts@2", (await _registry.FindAsync(ModelRegistry.Active, CancellationToken.None)).Key);
    }

    [Fact]
    public async Task Rolling_back_returns_to_the_model_before_and_the_history_is_kept()
    {
        await RegisterTwoAsync();

        Assert.Null(await _registry.RollbackAsync(CancellationToken.None));
        Assert.Null(await _registry.ActivateAsync("real-parts@1", CancellationToken.None));
        Assert.Equal("real-parts@1", await _registry.ActivateAsync("real-parts@2", CancellationToken.None));
        Assert.Equal("real-parts@1", await _registry.RollbackAsync(CancellationToken.None));

        Assert.Equal(
            ["real-parts@1|NULL", "real-parts@2|real-parts@1", "real-parts@1|real-parts@2"],
            await _database.LinesAsync("SELECT model, replaced FROM model_changes ORDER BY change_id"));
    }

    [Fact]
    public async Task Activating_the_same_model_twice_keeps_the_way_back()
    {
        await RegisterTwoAsync();
        await _registry.ActivateAsync("real-parts@1", CancellationToken.None);
        await _registry.ActivateAsync("real-parts@2", CancellationToken.None);
        await _registry.ActivateAsync("real-parts@2", CancellationToken.None);

        Assert.Equal("real-parts@1", await _registry.RollbackAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_shadow_model_that_becomes_active_is_no_longer_the_shadow()
    {
        await RegisterTwoAsync();
        Assert.Equal("real-parts@2", await _registry.ShadowAsync("real-parts@2", 0.25f, CancellationToken.None));
        Assert.Contains(await _registry.ListAsync(CancellationToken.None), model => model.State == "shadow of 25.0%");

        await _registry.ActivateAsync("real-parts@2", CancellationToken.None);

        Assert.Equal(["NULL|0"], await _database.LinesAsync("SELECT shadow_model, shadow_share FROM serving"));
    }

    [Fact]
    public async Task An_unknown_model_is_named_with_the_known_ones()
    {
        await RegisterTwoAsync();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => _registry.FindAsync("parts@9", CancellationToken.None));

        Assert.Equal(2, error.ExitCode);
        Assert.Contains("unknown model parts@9: registered: real-parts@1, real-parts@2", error.Message, StringComparison.Ordinal);
    }

    private async Task RegisterTwoAsync()
    {
        await _registry.RegisterAsync(ModelBundle.Open(BundleCopy.Make(Repository.Bundle, _folder, "1")), CancellationToken.None);
        await _registry.RegisterAsync(ModelBundle.Open(BundleCopy.Make(Repository.Bundle, _folder, "2")), CancellationToken.None);
    }
}
