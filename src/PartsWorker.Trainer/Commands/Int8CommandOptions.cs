using System.CommandLine;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of 8-bit graphs, for <c>export</c> and <c>quantize</c>.</summary>
internal sealed class Int8CommandOptions
{
    private const int LeastImages = 6;
    private const int MostImages = 10_000;

    public Option<int> Images { get; } = new("--int8-images")
    {
        Description = "Training images for the 8-bit graphs; a third of them only measures the loss.",
        DefaultValueFactory = _ => Int8Options.DefaultImages,
    };

    public Option<double> Loss { get; } = new("--int8-loss")
    {
        Description = "Largest relative squared difference of the outputs of a network from float32, above 0 and up to 1. Layers that lose "
            + "most stay in float32 until it is reached.",
        DefaultValueFactory = _ => Int8Options.DefaultLoss,
    };

    public IEnumerable<Option> All => [Images, Loss];

    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public Int8Options Read(ParseResult parsed)
    {
        var (images, loss) = (parsed.GetValue(Images), parsed.GetValue(Loss));
        if (images is < LeastImages or > MostImages)
        {
            throw new UserErrorException($"{Images.Name} {images}: must be {LeastImages}..{MostImages}");
        }

        return loss is > 0 and <= 1
            ? new(images, loss)
            : throw new UserErrorException($"{Loss.Name} {loss}: must be above 0 and at most 1, such as {Int8Options.DefaultLoss}");
    }
}
