using Microsoft.Extensions.Logging;
using PartsWorker.Board.SignIn;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Registry;
using PartsWorker.Serving;

namespace PartsWorker.Board.Models;

/// <summary>
/// Activates, rolls back and shadows models for an operator, as the commands <c>partsworker models</c> do. One bundle is verified at a
/// time: it takes memory and processors that the machine may share with a worker.
/// </summary>
internal sealed class ModelActions(BundleCheck check, ModelFolders folders, ILogger<ModelActions> log) : IDisposable
{
    private readonly SemaphoreSlim _verifying = new(1);

    /// <exception cref="UserErrorException">The person is not an operator, or the bundle is refused.</exception>
    public async Task ActivateAsync(BoardSession person, string key, CancellationToken cancellationToken)
    {
        await Operators.RequireAsync(person, cancellationToken);
        await Switch(person, key).ActivateAsync(key, cancellationToken);
        log.Activated(person.Login, key);
    }

    /// <inheritdoc cref="ActivateAsync"/>
    public async Task RollbackAsync(BoardSession person, string? active, string previous, CancellationToken cancellationToken)
    {
        await Operators.RequireAsync(person, cancellationToken);
        var now = await new ModelRegistry(person.Database).RollbackAsync(active, previous, cancellationToken)
            ?? throw new UserErrorException("The models were changed meanwhile. Load the page again, and decide anew.");
        log.Activated(person.Login, now);
    }

    /// <param name="person">Who asks.</param>
    /// <param name="key">Null turns the shadow model off.</param>
    /// <param name="share">Share of live images, above 0 and up to 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">As <see cref="ActivateAsync"/>, or the share is out of range.</exception>
    public async Task ShadowAsync(BoardSession person, string? key, float share, CancellationToken cancellationToken)
    {
        await Operators.RequireAsync(person, cancellationToken);
        if (key is null)
        {
            await new ModelRegistry(person.Database).ShadowAsync(key: null, share: 0, cancellationToken);
        }
        else if (share is not (> 0 and <= 1))
        {
            throw new UserErrorException("The share of a shadow model must be above 0 % and up to 100 %.");
        }
        else if (await Switch(person, key).ShadowAsync(key, share, cancellationToken) is null)
        {
            throw new UserErrorException($"{key} is the active model and cannot be its own shadow: the shadow model is off.");
        }

        log.Shadowed(person.Login, key ?? "none", share);
    }

    public void Dispose() => _verifying.Dispose();

    private ModelSwitch Switch(BoardSession person, string key) => new(
        new ModelRegistry(person.Database), FolderOf, (folder, cancellationToken) => VerifyAsync(key, folder, cancellationToken));

    private string FolderOf(string key)
    {
        try
        {
            return folders.FolderOf(key);
        }
        catch (Exception error) when (error is BundleException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(error.Message, inner: error);
        }
    }

    private async Task<ModelBundle> VerifyAsync(string key, string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException(
                $"The bundle of {key} is not on the machine of the board: copy it to {folder}, set Model:Root to the folder of the "
                + "bundles, or use partsworker models on a machine that has it.");
        }

        await _verifying.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => check.Verify(folder)[0].Bundle, cancellationToken);
        }
        catch (Exception error) when (error is BundleException or DeviceUnavailableException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{key} is refused: {error.Message}", inner: error);
        }
        finally
        {
            _verifying.Release();
        }
    }
}
