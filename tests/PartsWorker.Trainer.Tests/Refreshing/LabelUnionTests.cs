using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Tests.Data;

namespace PartsWorker.Trainer.Tests.Refreshing;

public class LabelUnionTests
{
    [Fact]
    public void A_known_class_keeps_its_id_and_a_new_one_comes_last_with_its_new_color()
    {
        var union = new LabelUnion(SomeData.Labels("bolt", "nut"));
        Assert.Equal(1, union.IdOf("nut", "green", "long"));
        Assert.Equal(2, union.IdOf("hook", "green", "long"));
        Assert.Equal(2, union.IdOf("hook", "green", "long"));
        var labels = union.Labels;
        Assert.Equal(["red", "blue", "green"], labels.Colors);
        Assert.Equal(new PartClass(1, "nut", 1, 0), labels.Classes[1]);
        Assert.Equal(new PartClass(2, "hook", 2, 1), labels.Classes[2]);
        Assert.Null(labels.FirstProblem());
    }

    [Fact]
    public void Corrected_labels_of_the_base_data_apply()
    {
        var union = new LabelUnion(SomeData.Labels("bolt", "nut"));
        Assert.Equal(0, union.Set("bolt", "blue", "long"));
        Assert.Equal(new PartClass(0, "bolt", 1, 1), union.Labels.Classes[0]);
    }
}
