namespace PartsWorker.Trainer.Data;

/// <summary>
/// One batch for the training step: RGB pixels [N, S, S, 3] and three labels per image. Return it to its source after the step.
/// </summary>
internal sealed class TrainingBatch(int count, int inputSize)
{
    /// <summary>Step of this batch, counted from zero over the whole run.</summary>
    public long Step { get; set; }

    public int Count { get; } = count;

    public byte[] Pixels { get; } = GC.AllocateUninitializedArray<byte>(count * inputSize * inputSize * 3, pinned: true);

    public long[] Classes { get; } = new long[count];

    public long[] Colors { get; } = new long[count];

    public long[] Shapes { get; } = new long[count];

    /// <summary>
    /// Share of each row's label that is its own, 0..1; the rest belongs to row N-1-i (see <see cref="PairMixing"/>).
    /// </summary>
    public float[] Shares { get; } = [.. Enumerable.Repeat(1f, count)];

    /// <summary>Index of each row's image in the data set.</summary>
    public int[] Indices { get; } = new int[count];

    /// <summary>The thread of <see cref="BatchFeeder"/> that fills this batch.</summary>
    internal int Thread { get; init; }
}
