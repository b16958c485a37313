namespace PartsWorker.Trainer.Training.Weights;

/// <summary>A tensor of a weight file, in the shape that the file states.</summary>
internal sealed record NamedTensor(int[] Shape, float[] Data);

/// <summary>
/// A tensor to be written; <paramref name="Read"/> is called when its turn comes, so that only one copy exists at a time.
/// </summary>
internal sealed record TensorSource(string Name, int[] Shape, Func<float[]> Read);
