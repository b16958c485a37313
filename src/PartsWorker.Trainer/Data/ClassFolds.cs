using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Divides the classes into folds, for measurements on classes that a network never saw: fold f of k contains the classes whose id is f
/// modulo k. A network of fold f is trained without them; the labels and the ids stay the same.
/// </summary>
internal static class ClassFolds
{
    /// <summary>Entry of <c>data</c> in bundle.json; its value is <see cref="Describe"/>.</summary>
    public const string DataKey = "leftOut";

    /// <param name="labels">All classes.</param>
    /// <param name="folds">Number of folds, 2 to the number of classes.</param>
    /// <param name="fold">0 to <paramref name="folds"/> - 1.</param>
    /// <returns>The ids of the classes that fold <paramref name="fold"/> leaves out.</returns>
    /// <exception cref="UserErrorException">A number is out of range.</exception>
    public static IReadOnlySet<int> LeftOut(LabelSet labels, int folds, int fold)
    {
        if (folds < 2 || folds > labels.Classes.Count)
        {
            throw new UserErrorException($"--leave-classes-out {folds}: must be 2..{labels.Classes.Count}, the number of classes");
        }

        return fold >= 0 && fold < folds
            ? labels.Classes.Where(c => c.Id % folds == fold).Select(c => c.Id).ToHashSet()
            : throw new UserErrorException($"--fold {fold}: must be 0..{folds - 1}");
    }

    public static string Describe(int folds, int fold) => $"fold {fold} of {folds}";
}
