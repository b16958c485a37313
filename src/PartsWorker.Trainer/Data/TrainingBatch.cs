namespace PartsWorker.Trainer.Data;

/// <summary>
/// One batch as the training step reads it: pixels [N, S, S, 3] in RGB and three labels per image. Lent: give it back after the step.
/// </summary>
internal sealed class TrainingBatch(int count, int inputSize)
{
    /// <summary>Which step this batch belongs to, counted from zero over the whole run.</summary>
    public long Step { get; set; }

    public int Count { get; } = count;

    public byte[] Pixels { get; } = GC.AllocateUninitializedArray<byte>(count * inputSize * inputSize * 3, pinned: true);

    public long[] Classes { get; } = new long[count];

    public long[] Colors { get; } = new long[count];

    public long[] Shapes { get; } = new long[count];

    /// <summary>
    /// How much of each row is still its own image, 0..1; the rest came from the row at the same place counted from the end.
    /// </summary>
    public float[] Shares { get; } = [.. Enumerable.Repeat(1f, count)];

    /// <summary>Which image of the data set each row shows.</summary>
    public int[] Indices { get; } = new int[count];

    /// <summary>The thread of <see cref="BatchFeeder"/> that fills this batch.</summary>
    internal int Lane { get; init; }
}
