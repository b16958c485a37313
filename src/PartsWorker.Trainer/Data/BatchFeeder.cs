using System.Threading.Channels;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Prepares batches ahead of time on background threads, so that the training step does not wait for images. The batch of step t is a pure
/// function of (seed, t): thread k prepares steps k, k + threads, ..., and <see cref="NextBatch"/> returns them in step order.
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
    private readonly Task[] _tasks;
    private long _next;

    public BatchFeeder(PixelCache cache, int[] images, LabelSet labels, BatchFeederOptions options)
    {
        (_cache, _labels, _options, _next) = (cache, labels, options, options.FirstStep);
        _order = new(cache, images, options.ClassBalance, options.Seed);
        _drawsPerEpoch = images.Length;
        StepsPerEpoch = Math.Max(1, images.Length / options.BatchSize);
        _ready = [.. Enumerable.Range(0, options.Threads).Select(_ => Channel.CreateBounded<TrainingBatch>(Ahead))];
        _empty = [.. Enumerable.Range(0, options.Threads).Select(_ => Channel.CreateBounded<TrainingBatch>(Ahead + 1))];
        for (var thread = 0; thread < options.Threads; thread++)
        {
            for (var i = 0; i <= Ahead; i++)
            {
                _empty[thread].Writer.TryWrite(new(options.BatchSize, options.InputSize) { Thread = thread });
            }
        }

        _tasks = [.. Enumerable.Range(0, options.Threads).Select(
            thread => Task.Factory.StartNew(() => Prepare(thread), TaskCreationOptions.LongRunning))];
    }

    public int BatchSize => _options.BatchSize;

    public int InputSize => _options.InputSize;

    /// <summary>Steps that use each image about once.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The batch of the next step; blocks only if the background threads are too slow.</summary>
    public TrainingBatch NextBatch(CancellationToken cancellation)
    {
        var reader = _ready[(int)((_next - _options.FirstStep) % _options.Threads)].Reader;
        TrainingBatch? batch;
        while (!reader.TryRead(out batch))
        {
            if (!reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult())
            {
                throw new InvalidOperationException("the feeder was disposed");
            }
        }

        _next++;
        return batch;
    }

    public void Return(TrainingBatch batch) => _empty[batch.Thread].Writer.TryWrite(batch);

    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAll(_tasks);
        _stop.Dispose();
    }

    private void Prepare(int thread)
    {
        var early = new Augmenter(_options.Augmentation, _options.InputSize);
        var late = _options.FinalAugmentation is null ? early : new(_options.FinalAugmentation, _options.InputSize);
        var (epoch, order) = (-1L, Array.Empty<int>());
        try
        {
            for (var step = _options.FirstStep + thread; ; step += _options.Threads)
            {
                var batch = _empty[thread].Reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();
                if (epoch != step / StepsPerEpoch)
                {
                    (epoch, order) = (step / StepsPerEpoch, _order.Create(step / StepsPerEpoch));
                }

                var augmenter = step >= _options.FinalFromStep ? late : early;
                Fill(batch, step, order, augmenter);
                PairMixing.Apply(batch, _options.InputSize, augmenter.Options, Dice.For(_options.Seed, step, MixingKey));
                _ready[thread].Writer.WriteAsync(batch, _stop.Token).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException)
        {
            _ready[thread].Writer.TryComplete();
        }
        catch (Exception error)
        {
            // The training step that waits for this thread's batch rethrows the error.
            _ready[thread].Writer.TryComplete(error);
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
