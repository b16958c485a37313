using System.Threading.Channels;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Prepares batches on threads of its own, a few ahead, so that the training step never waits for an image. The batch of step t is a pure
/// function of (seed, t): thread k prepares steps k, k + threads, ..., and <see cref="Take"/> hands them out in step order.
/// </summary>
internal sealed class BatchFeeder : IBatchSource
{
    private const int Ahead = 2;
    private const int MixingKey = -1;
    private readonly PixelCache _cache;
    private readonly LabelSet _labels;
    private readonly BatchFeederOptions _options;
    private readonly EpochOrder _order;
    private readonly int _drawsPerEpoch;
    private readonly Channel<TrainingBatch>[] _ready;
    private readonly Channel<TrainingBatch>[] _empty;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _lanes;
    private long _next;

    public BatchFeeder(PixelCache cache, int[] images, LabelSet labels, BatchFeederOptions options)
    {
        (_cache, _labels, _options, _next) = (cache, labels, options, options.FirstStep);
        _order = new(cache, images, options.ClassBalance, options.Seed);
        _drawsPerEpoch = images.Length;
        StepsPerEpoch = Math.Max(1, images.Length / options.BatchSize);
        _ready = [.. Enumerable.Range(0, options.Threads).Select(_ => Channel.CreateBounded<TrainingBatch>(Ahead))];
        _empty = [.. Enumerable.Range(0, options.Threads).Select(_ => Channel.CreateBounded<TrainingBatch>(Ahead + 1))];
        for (var lane = 0; lane < options.Threads; lane++)
        {
            for (var i = 0; i <= Ahead; i++)
            {
                _empty[lane].Writer.TryWrite(new(options.BatchSize, options.InputSize) { Lane = lane });
            }
        }

        _lanes = [.. Enumerable.Range(0, options.Threads).Select(
            lane => Task.Factory.StartNew(() => Prepare(lane), TaskCreationOptions.LongRunning))];
    }

    public int BatchSize => _options.BatchSize;

    public int InputSize => _options.InputSize;

    /// <summary>Steps in which each image is shown about once.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The batch of the next step; blocks only when the threads have fallen behind.</summary>
    public TrainingBatch Take(CancellationToken cancellation)
    {
        var reader = _ready[(int)((_next - _options.FirstStep) % _options.Threads)].Reader;
        TrainingBatch? batch;
        while (!reader.TryRead(out batch))
        {
            if (!reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult())
            {
                throw new InvalidOperationException("batches end when the feeder is disposed");
            }
        }

        _next++;
        return batch;
    }

    public void Return(TrainingBatch batch) => _empty[batch.Lane].Writer.TryWrite(batch);

    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAll(_lanes);
        _stop.Dispose();
    }

    private void Prepare(int lane)
    {
        var early = new Augmenter(_options.Augmentation, _options.InputSize);
        var late = _options.FinalAugmentation is null ? early : new(_options.FinalAugmentation, _options.InputSize);
        var (epoch, order) = (-1L, Array.Empty<int>());
        try
        {
            for (var step = _options.FirstStep + lane; ; step += _options.Threads)
            {
                var batch = _empty[lane].Reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
                if (epoch != step / StepsPerEpoch)
                {
                    (epoch, order) = (step / StepsPerEpoch, _order.Create(step / StepsPerEpoch));
                }

                var augmenter = step >= _options.FinalFromStep ? late : early;
                Fill(batch, step, order, augmenter);
                PairMixing.Apply(batch, _options.InputSize, augmenter.Options, Dice.For(_options.Seed, step, MixingKey));
                _ready[lane].Writer.WriteAsync(batch, _stop.Token).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException)
        {
            _ready[lane].Writer.TryComplete();
        }
        catch (Exception error)
        {
            // Whatever went wrong must reach the step that waits for this lane, not die on a thread of its own.
            _ready[lane].Writer.TryComplete(error);
        }
    }

    private void Fill(TrainingBatch batch, long step, int[] order, Augmenter augmenter)
    {
        batch.Step = step;
        var first = step % StepsPerEpoch * batch.Count;
        var bytes = _options.InputSize * _options.InputSize * 3;
        for (var i = 0; i < batch.Count; i++)
        {
            var image = order[(first + i) % _drawsPerEpoch];
            var dice = Dice.For(_options.Seed, step, i);
            augmenter.Apply(_cache.Pixels(image), _cache.Size, batch.Pixels.AsSpan(i * bytes, bytes), ref dice);
            var part = _labels.Classes[_cache.ClassId(image)];
            (batch.Indices[i], batch.Classes[i], batch.Colors[i], batch.Shapes[i]) = (image, part.Id, part.Color, part.Shape);
        }
    }
}
