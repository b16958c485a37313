using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Registry;

/// <summary>Changes the active or the shadow model, after its bundle has reproduced its golden outputs on this machine.</summary>
/// <param name="registry">The tables.</param>
/// <param name="folderOf">Folder of a model key; it may not exist.</param>
/// <param name="verify">Opens a bundle and compares its outputs with the golden ones, which takes seconds.</param>
internal sealed class ModelSwitch(
    ModelRegistry registry, Func<string, string> folderOf, Func<string, CancellationToken, Task<ModelBundle>> verify)
{
    /// <summary>Registers the bundle if necessary. A bundle that is refused changes nothing.</summary>
    /// <returns>The model that was active before, or null.</returns>
    /// <exception cref="UserErrorException">The model is unknown, or other content is registered under its key.</exception>
    public async Task<string?> ActivateAsync(string key, CancellationToken cancellationToken)
    {
        var folder = folderOf(key);
        if (!Directory.Exists(folder))
        {
            await registry.FindAsync(key, cancellationToken);
        }

        await registry.RegisterAsync(await VerifyAsync(key, folder, cancellationToken), cancellationToken);
        return await registry.ActivateAsync(key, cancellationToken);
    }

    /// <param name="key">A registered model.</param>
    /// <param name="share">Share of live images, above 0 and up to 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The shadow model, or null when the key is that of the active model.</returns>
    /// <exception cref="UserErrorException">As <see cref="ActivateAsync"/>.</exception>
    public async Task<string?> ShadowAsync(string key, float share, CancellationToken cancellationToken)
    {
        await registry.FindAsync(key, cancellationToken);
        await registry.RequireSameAsync(await VerifyAsync(key, folderOf(key), cancellationToken), cancellationToken);
        return await registry.ShadowAsync(key, share, cancellationToken);
    }

    private async Task<ModelBundle> VerifyAsync(string key, string folder, CancellationToken cancellationToken)
    {
        var bundle = await verify(folder, cancellationToken);
        return bundle.Key == key ? bundle : throw new UserErrorException($"{folder} contains {bundle.Key}, not {key}");
    }
}
