using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Tests.Export;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Refreshing;

public sealed class ServingNetworkTests(TinyParts parts) : IClassFixture<TinyParts>
{
    [Fact]
    public void Architecture_and_storage_of_a_shared_trunk_are_derived_from_its_bundle()
    {
        var network = Assert.Single(ServingNetwork.ReadAll(parts.Bundle(shared: true)));
        var expected = new NetworkSpec
        {
            Backbone = "resnet18s", Head = HeadKind.Shared, InputSize = 32, Width = 0.125f, Embedding = 16, ImageNetPixels = true,
            Classes = 5, Colors = 5, Shapes = 1,
        };
        Assert.Equal(expected, network.Spec);
        Assert.Equal((WeightStorage.Fp16, true), (network.Storage, network.Mirrored));
        Assert.Equal([5, 64], network.Tensors["color.weight"].Shape);
    }

    [Fact]
    public void A_bundle_that_reads_larger_images_than_its_network_was_trained_on_states_both_sizes()
    {
        var usual = parts.Bundle(shared: true).Manifest;
        Assert.Equal((32, 32), (usual.Preprocessing.Size, TrainedSize.Of(usual)));
        Assert.False(usual.Data.ContainsKey(TrainedSize.DataKey));

        var larger = parts.LargerBundle(40);
        Assert.Equal((40, 32), (larger.Manifest.Preprocessing.Size, TrainedSize.Of(larger.Manifest)));
        Assert.Equal(32, ServingNetwork.ReadAll(larger)[0].Spec.InputSize);
    }

    [Fact]
    public void A_shipped_bundle_can_be_the_start_of_its_own_network_with_more_colors()
    {
        var bundle = SomeBundle.Open();
        var networks = ServingNetwork.ReadAll(bundle);
        Assert.Equal(
            [("resnet18t", HeadKind.Embedder, 0.5f), ("resnet18t", HeadKind.Meta, 0.5f)],
            networks.Select(n => (n.Spec.Backbone, n.Spec.Head, n.Spec.Width)));
        var meta = networks[1];
        var path = Path.Combine(parts.Folder, "start.safetensors");
        StartWeights.Write(path, meta, meta.Spec with { Colors = meta.Spec.Colors + 1 }, new LossSpec { Auxiliary = 0.5f }, []);
        var written = WeightFile.Read(path);
        var (before, after) = (meta.Tensors["color.bias"].Data, written["color.bias"].Data);
        Assert.Equal([.. before, 0f], after);
        Assert.Equal(meta.Tensors["layer4.1.conv2.weight"].Data, written["layer4.1.conv2.weight"].Data);
    }

    [Fact]
    public void Weights_of_another_width_are_refused_in_one_line()
    {
        var network = ServingNetwork.ReadAll(SomeBundle.Open())[1];
        var path = Path.Combine(parts.Folder, "start.safetensors");
        var error = Assert.Throws<UserErrorException>(
            () => StartWeights.Write(path, network, network.Spec with { Width = 0.25f }, new LossSpec(), []));
        Assert.Matches("^tensor '.+' of the serving bundle is .+, but its resnet18t needs .+; it cannot be refreshed$", error.Message);
    }
}
