using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Tests.Training;

/// <summary>A batch of pairs: row i shares its label with row N-1-i.</summary>
public sealed class MixedLabelTests
{
    private const int Rows = 4;

    [Theory]
    [InlineData("Softmax", "Embedder")]
    [InlineData("Softmax", "Meta")]
    [InlineData("Softmax", "Classifier")]
    [InlineData("Softmax", "Shared")]
    public void The_loss_of_mixed_labels_is_between_the_losses_of_both_labels(string margin, string head)
    {
        var (own, partner) = (Loss(margin, head, 1), Loss(margin, head, 0));
        Assert.NotEqual(own, partner, 1e-3);
        Assert.Equal((0.3 * own) + (0.7 * partner), Loss(margin, head, 0.3f), 1e-4);
    }

    [Fact]
    public void A_share_of_zero_is_the_same_as_the_label_of_the_partner()
    {
        Assert.Equal(Loss("ArcFace", "Embedder", 0), Loss("ArcFace", "Embedder", 1, swapped: true), 1e-5);
    }

    private static double Loss(string margin, string head, float share, bool swapped = false)
    {
        var spec = new NetworkSpec
        {
            Backbone = "resnet18s", Head = Enum.Parse<HeadKind>(head), InputSize = 32, Width = 0.125f, Embedding = 16,
            Classes = Rows, Colors = 3, Shapes = 2,
        };
        using var step = new TrainingStep(
            spec,
            new LossSpec { Margin = Enum.Parse<MarginKind>(margin), M = 0.3f, Auxiliary = 0.5f },
            Rows,
            new GraphSessionOptions(1),
            seed: 3);
        step.State.Initialize(3);
        var batch = new TrainingBatch(Rows, spec.InputSize);
        new Random(1).NextBytes(batch.Pixels);
        for (var row = 0; row < Rows; row++)
        {
            var label = swapped ? Rows - 1 - row : row;
            (batch.Classes[row], batch.Colors[row], batch.Shapes[row], batch.Shares[row]) = (label, label % 3, label / 2, share);
        }

        return step.Run(batch, marginWarmth: 1, marginScale: 8).Loss;
    }
}
