namespace PartsWorker.Trainer.Training.Weights;

/// <summary>A tensor from a weight file.</summary>
internal sealed record NamedTensor(int[] Shape, float[] Data);

/// <summary>
/// A tensor to write. <paramref name="Read"/> is called just before it is written, so that only one copy exists at a time.
/// </summary>
internal sealed record TensorSource(string Name, int[] Shape, Func<float[]> Read);
