namespace PartsWorker.Trainer.Evaluation;

/// <summary>The answer of one bundle for an image, with the names of classes.</summary>
internal sealed record NamedAnswer(string TrueClass, string Class, double Confidence);
