using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Training;

/// <summary>Images whose brightness depends on their class: learnable in a few steps, and a pure function of the step.</summary>
internal sealed class MadeUpBatches(int batch, int size, int classes, long first) : IBatchSource
{
    private readonly TrainingBatch _batch = new(batch, size);
    private long _next = first;

    public int BatchSize => batch;

    public int InputSize => size;

    public int StepsPerEpoch => 10;

    /// <summary>Called before each batch is returned.</summary>
    public Action<long>? Before { get; init; }

    public TrainingBatch NextBatch(CancellationToken cancellation)
    {
        Before?.Invoke(_next);
        _batch.Step = _next;
        var pixels = size * size * 3;
        for (var i = 0; i < batch; i++)
        {
            var dice = Dice.For(5, _next, i);
            var label = dice.Below(classes);
            (_batch.Classes[i], _batch.Colors[i], _batch.Shapes[i]) = (label, label, label % 2);
            for (var p = 0; p < pixels; p++)
            {
                _batch.Pixels[(i * pixels) + p] = (byte)((label * 255 / classes * (1 + (p % 3)) / 3) + dice.Below(30));
            }
        }

        _next++;
        return _batch;
    }

    public void Return(TrainingBatch returned)
    {
    }

    public void Dispose()
    {
    }
}
