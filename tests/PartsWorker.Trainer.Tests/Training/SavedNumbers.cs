using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Training;

/// <summary>Every number of a checkpoint, in the order of the tensors' names.</summary>
internal static class SavedNumbers
{
    public static float[] Of(string checkpoint) =>
        [.. CheckpointFile.Read(checkpoint, _ => true).Tensors.OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.Data)];
}
