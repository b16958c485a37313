using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Checking;

namespace PartsWorker.Trainer.Tests.Checking;

public sealed class LabelCheckTests
{
    [Fact]
    public void Names_that_differ_only_in_case_or_spaces_contradict_each_other()
    {
        var finding = Assert.Single(LabelCheck.Run(Labels(new(0, "Bolt", 0, 0), new(1, "bolt ", 1, 1))));
        Assert.Equal((Severity.Problem, "same-name"), (finding.Severity, finding.Kind));
        Assert.Equal("\"Bolt\" (red, round) and \"bolt \" (blue, long)", Assert.Single(finding.Items).Text);
    }

    [Fact]
    public void Names_that_differ_in_punctuation_are_one_part_only_with_equal_color_and_shape()
    {
        PartClass[] classes = [new(0, "hex-bolt", 0, 0), new(1, "hex bolt", 0, 0), new(2, "hex_bolt", 1, 1)];
        var finding = Assert.Single(LabelCheck.Run(Labels(classes)));
        Assert.Equal("same-part", finding.Kind);
        Assert.Equal("\"hex-bolt\" (red, round) and \"hex bolt\" (red, round)", Assert.Single(finding.Items).Text);
    }

    [Fact]
    public void Colors_and_shapes_without_a_class_are_named()
    {
        var findings = LabelCheck.Run(Labels(new(0, "bolt", 1, 0), new(1, "nut", 1, 0))).ToArray();
        Assert.Equal(["unused-colors", "unused-shapes"], findings.Select(f => f.Kind));
        Assert.Equal(["red", "long"], findings.Select(f => Assert.Single(f.Items).Text));
    }

    private static LabelSet Labels(params PartClass[] classes) => new()
    {
        Colors = ["red", "blue"], Shapes = ["round", "long"], Classes = classes,
    };
}
