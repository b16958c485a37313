using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Evaluation;

public sealed class EvaluatorTests
{
    [Fact]
    public void Without_images_there_is_one_line_instead_of_figures()
    {
        var labels = new LabelSet { Colors = ["red"], Shapes = ["plate"], Classes = [new(0, "red plate", 0, 0)] };
        var constants = new FusionConstants { T1 = 0.05, Tc = 1, Ts = 1, Wc = 0.3, Ws = 0.3 };
        var error = Assert.Throws<UserErrorException>(() => new Evaluator(constants, new(), labels, [0]).Evaluate("parts@1", []));
        Assert.Equal("parts@1: the data contains no image of its classes", error.Message);
    }

    [Fact]
    public void Copies_of_a_split_cannot_be_left_out_of_class_folds()
    {
        var options = new EvaluateCommandOptions();
        var command = new System.CommandLine.Command("evaluate");
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse("--bundle a b --leave-classes-out 2 --without-copies-of train");
        var error = Assert.Throws<UserErrorException>(() => options.RequireMatching(parsed));
        Assert.Equal("--without-copies-of cannot be used with --leave-classes-out", error.Message);
    }
}
