namespace PartsWorker.Trainer.Training;

/// <summary>What the validation images say about the averaged weights.</summary>
internal sealed record Validation(double Loss, double Accuracy, double ShapeAccuracy = 0);
