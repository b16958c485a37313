using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>
/// Reads the ResNet-18 that CNTK trained and exported, with blocks 2, 2, 2, 3, under torchvision's names. Strides, padding and epsilon
/// are those of torchvision for inputs whose side is a multiple of 32; for other sides CNTK pads one pixel less at the right and bottom.
/// </summary>
internal static class CntkResNet
{
    private static readonly int[] Depths = [2, 2, 2, 3];

    // What CNTK subtracts from a pixel of 0..255: the color mean of its training images, red, green, blue. It scales nothing.
    private static readonly double[] ColorMean = [123.1516307762691, 115.90288236463556, 103.06262401521815];

    public static bool IsProducerOf(ModelProto model) => model.ProducerName == "CNTK";

    /// <summary>The tensors of the backbone, for <see cref="NetworkSpec.ImageNetPixels"/>.</summary>
    /// <exception cref="UserErrorException">The graph is another network.</exception>
    public static Dictionary<string, NamedTensor> Read(string path, ModelProto model)
    {
        var graph = model.Graph;
        var initializers = graph.Initializer.ToDictionary(t => t.Name);
        var norms = graph.Node.Where(n => n.OpType == "BatchNormalization").ToDictionary(n => n.Input[0]);
        var convolutions = graph.Node.Where(n => n.OpType == "Conv").ToArray();
        (string Convolution, string Norm)[] names = [.. Names()];
        if (convolutions.Length != names.Length || !convolutions.All(c => norms.ContainsKey(c.Output[0])))
        {
            throw new UserErrorException(
                $"{path}: of CNTK's networks only the ResNet-18 with {names.Length} convolutions is supported; "
                    + $"this graph has {convolutions.Length}");
        }

        NamedTensor Tensor(string name) =>
            new([.. initializers[name].Dims.Select(d => (int)d)], TensorCodec.DecodeFloats(initializers[name]));
        var tensors = new Dictionary<string, NamedTensor>();
        foreach (var (node, (convolution, norm)) in convolutions.Zip(names))
        {
            var parameters = norms[node.Output[0]].Input;
            tensors[convolution + ".weight"] = Tensor(node.Input[1]);
            tensors[norm + ".weight"] = Tensor(parameters[1]);
            tensors[norm + ".bias"] = Tensor(parameters[2]);
            tensors[norm + ".running_mean"] = Tensor(parameters[3]);
            tensors[norm + ".running_var"] = Tensor(parameters[4]);
        }

        ConvertPixels(tensors["conv1.weight"], tensors["bn1.running_mean"].Data);
        return tensors;
    }

    /// <summary>Convolutions and their normalizations in the order of the graph: in a block, the downsampling comes first.</summary>
    private static IEnumerable<(string Convolution, string Norm)> Names()
    {
        yield return ("conv1", "bn1");
        for (var stage = 0; stage < Depths.Length; stage++)
        {
            for (var block = 0; block < Depths[stage]; block++)
            {
                var name = $"layer{stage + 1}.{block}";
                if (stage > 0 && block == 0)
                {
                    yield return (name + ".downsample.0", name + ".downsample.1");
                }

                yield return (name + ".conv1", name + ".bn1");
                yield return (name + ".conv2", name + ".bn2");
            }
        }
    }

    /// <summary>
    /// From (pixel - color mean) in the order blue, green, red to (pixel - mean) / deviation in the order red, green, blue. The first
    /// kernels absorb order and deviation; the running mean after them absorbs the difference of the means, which is half a gray level
    /// and leaves an error only where a kernel reaches into the padding.
    /// </summary>
    private static void ConvertPixels(NamedTensor kernels, float[] runningMean)
    {
        const int Channels = 3;
        const double White = 255;
        var area = kernels.Data.Length / (runningMean.Length * Channels);
        var given = (float[])kernels.Data.Clone();
        for (var output = 0; output < runningMean.Length; output++)
        {
            var shift = 0.0;
            for (var color = 0; color < Channels; color++)
            {
                var from = given.AsSpan(((output * Channels) + Channels - 1 - color) * area, area);
                var to = kernels.Data.AsSpan(((output * Channels) + color) * area, area);
                for (var tap = 0; tap < area; tap++)
                {
                    to[tap] = (float)(from[tap] * White * Network.ImageNetDeviation[color]);
                    shift += from[tap] * ((White * Network.ImageNetMean[color]) - ColorMean[color]);
                }
            }

            runningMean[output] -= (float)shift;
        }
    }
}
