using Npgsql;
using PartsWorker.Board.Live;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Classifying;
using PartsWorker.Inference;
using PartsWorker.Serving;

namespace PartsWorker.Board.Try;

/// <summary>
/// The active model, loaded once by the board for the page Try and for <c>/api/classify</c>. One image at a time and few that wait: live
/// parts belong to the workers, and the board must not take their processors.
/// </summary>
internal sealed class TryModel(IModelLibrary library, ModelOptions options, BoardDatabase database) : IDisposable
{
    /// <summary>Images that may wait; one more is refused.</summary>
    public const int MaxWaiting = 16;

    private readonly SemaphoreSlim _one = new(1);
    private IServedModel? _model;
    private int _places;

    /// <summary>Takes one of the few places before the image is read into memory; dispose it after <see cref="ClassifyAsync"/>.</summary>
    /// <exception cref="TryProblemException">Too many wait.</exception>
    public IDisposable Reserve()
    {
        if (Interlocked.Increment(ref _places) > MaxWaiting + 1)
        {
            Interlocked.Decrement(ref _places);
            throw new TryProblemException("Too many images wait to be tried. Try again in a moment.", TryProblem.Busy);
        }

        return new Place(this);
    }

    /// <param name="name">Name of the file in the answer.</param>
    /// <param name="encoded">The whole file.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="TryProblemException">One line: no model, or not an image.</exception>
    public async Task<ClassifiedImage> ClassifyAsync(string name, ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var key = await ActiveKeyAsync(cancellationToken);
            // Not ended by a client that leaves: its buffer must stay until the model has read it.
            return await Task.Run(() => Classify(Model(key), name, encoded.Span), CancellationToken.None);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _model?.Dispose();
        _one.Dispose();
    }

    private static ClassifiedImage Classify(IServedModel model, string name, ReadOnlySpan<byte> encoded)
    {
        try
        {
            using var run = model.Rent();
            var size = model.Prepare(encoded, run.Slot(0));
            run.Classify(1);
            return ClassifiedImage.Of(name, size, run.Verdict(0), model);
        }
        catch (Exception error) when (error is UnreadableImageException or ImageTooLargeException)
        {
            throw new TryProblemException($"{name}: {error.Message}", TryProblem.BadImage);
        }
    }

    // The model that SQL names, as the workers do; the configured bundle while none is active.
    private async Task<string?> ActiveKeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await new LiveQueries(database.Source).ServingAsync(cancellationToken)).Model;
        }
        catch (Exception error) when (error is NpgsqlException or UserErrorException)
        {
            throw new TryProblemException("The database cannot be reached, so it is not known which model is active.", TryProblem.NoModel);
        }
    }

    private IServedModel Model(string? key)
    {
        if (_model is { } loaded && (key is null || loaded.Key == key))
        {
            return loaded;
        }

        try
        {
            var next = key is not null ? library.LoadKey(key) : options.Bundle.Length > 0 ? library.Load(options.Bundle)
                : throw new TryProblemException("No model is active. Activate one, or set Model:Bundle.", TryProblem.NoModel);
            _model?.Dispose();
            return _model = next;
        }
        catch (Exception error) when (error is BundleException or DeviceUnavailableException)
        {
            throw new TryProblemException($"The board cannot load {key ?? options.Bundle}: {error.Message}", TryProblem.NoModel);
        }
    }

    private sealed class Place(TryModel model) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref model._places);
    }
}
