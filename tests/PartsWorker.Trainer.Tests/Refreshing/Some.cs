using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Tests.Evaluation;

namespace PartsWorker.Trainer.Tests.Refreshing;

/// <summary>Comparisons made without bundles.</summary>
internal static class Some
{
    /// <summary>Images of one class: first the gains, then the losses; both bundles answer the rest correctly.</summary>
    public static PairedComparison Comparison(int images, int gains, int losses)
    {
        var numbers = Enumerable.Range(0, images).ToArray();
        return PairedComparison.Of(
            Array.ConvertAll(numbers, i => SomeAnswers.Of(0, i < gains ? 1 : 0, 0.9, path: $"{i}")),
            Array.ConvertAll(numbers, i => SomeAnswers.Of(0, i >= gains && i < gains + losses ? 1 : 0, 0.9, path: $"{i}")),
            ["bolt", "nut"]);
    }
}
