namespace PartsWorker.Trainer.Training;

/// <summary>Loss and accuracy on the validation images.</summary>
internal sealed record Validation(double Loss, double Accuracy, double ShapeAccuracy = 0);
