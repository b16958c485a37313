using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class ValidatorTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(109)]
    public void The_largest_score_determines_the_hits(int classes)
    {
        const int Rows = 500;
        var dice = Dice.For(3, classes);
        var logits = new float[Rows * classes];
        var truth = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            for (var c = 0; c < classes; c++)
            {
                logits[(row * classes) + c] = dice.Between(-6, 3);
            }

            truth[row] = Array.IndexOf(logits, logits.Skip(row * classes).Take(classes).Max(), row * classes) - (row * classes);
        }

        Assert.Equal(1, Validator.Score(logits, truth, 1).Accuracy);
    }
}
