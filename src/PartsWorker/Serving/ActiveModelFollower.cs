using Microsoft.Extensions.Logging;
using PartsWorker.Database;
using PartsWorker.Observability;

namespace PartsWorker.Serving;

/// <summary>Loads the model to start with, then polls table <c>serving</c> and activates the model that it names.</summary>
internal sealed class ActiveModelFollower(
    ModelOptions options, IModelLibrary library, IServingPointer pointer, LoadedModels models, ModelLoader loader, WorkerState state,
    TimeProvider time, ILogger log)
{
    private bool _unread;

    // The active model was chosen without SQL, which may name another.
    private bool _isFallback;

    /// <inheritdoc cref="ModelRack.StartAsync"/>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (!options.Follow && options.Bundle.Length == 0)
        {
            throw new UserErrorException("Model:Follow is false, so Model:Bundle must name the bundle that serves");
        }

        if (options.Follow && await ReadAtStartAsync(cancellation) is { } named)
        {
            if (loader.LoadFirst(named) is { } use)
            {
                models.Activate(use);
            }
        }
        else if (options.Bundle.Length > 0)
        {
            LoadPinned();
        }
        else if (!_isFallback)
        {
            state.Problem("model", "no model is active and Model:Bundle is not set: run `partsworker models activate`");
        }
    }

    /// <inheritdoc cref="ModelRack.LoadPinned"/>
    public void LoadPinned()
    {
        if (options.Bundle.Length > 0)
        {
            models.Activate(new ModelUse(library.Load(options.Bundle)));
        }
    }

    /// <inheritdoc cref="IModelSource.PollServingAsync"/>
    public async Task PollServingAsync(CancellationToken stopping)
    {
        while (options.Follow && !stopping.IsCancellationRequested)
        {
            try
            {
                await ApplyAsync(await pointer.ReadAsync(stopping), stopping);
                _unread = false;
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // An exception from here would abort the parts in progress, which the stop is to finish.
                return;
            }
            catch (Exception error)
            {
                ReportUnread(models.ActiveKey ?? "none", error);
            }

            await Task.Delay(options.PollInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> ReadAtStartAsync(CancellationToken cancellation)
    {
        try
        {
            return (await pointer.ReadAsync(cancellation)).Active;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            _isFallback = true;
            ReportUnread(options.Bundle.Length > 0 ? options.Bundle : "none", error);
            return null;
        }
    }

    // Once per outage: the pointer is read every second.
    private void ReportUnread(string current, Exception error)
    {
        if (!_unread)
        {
            _unread = true;
            log.ServingUnread(current, PostgresFaults.Describe(error));
        }
    }

    private async Task ApplyAsync(ServingState serving, CancellationToken stopping)
    {
        await models.Changing.WaitAsync(stopping);
        try
        {
            loader.KeepOnly(serving);
            if (serving.Active is { } active && active != models.ActiveKey)
            {
                ChangeTo(active);
            }

            _isFallback = false;
            ApplyShadow(serving);
        }
        finally
        {
            models.Changing.Release();
        }
    }

    private void ChangeTo(string key)
    {
        if (_isFallback)
        {
            // SQL is now known to name another model: no part may be classified with the fallback while that model loads.
            models.Deactivate($"{key} is loading");
        }

        if (loader.TryUse(key) is { } use)
        {
            models.Activate(use);
        }
    }

    private void ApplyShadow(ServingState serving)
    {
        if (models.ActiveKey is null)
        {
            // Nothing to compare a shadow with; and only the active model may be the reason why no image is classified.
            return;
        }

        var wanted = serving.ShadowShare > 0 && serving.Shadow != models.ActiveKey ? serving.Shadow : null;
        models.SetShadowShare(serving.ShadowShare);
        if (wanted != models.ShadowKey)
        {
            models.ReplaceShadow(wanted is null ? null : loader.TryUse(wanted));
        }
    }
}
