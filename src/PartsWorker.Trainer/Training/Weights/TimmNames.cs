using System.Text.RegularExpressions;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>
/// Converts timm's names of EfficientNetV2 to torchvision's. Other names stay the same; both libraries use the same names for ResNets.
/// </summary>
internal static partial class TimmNames
{
    private const int HeadStage = 7;

    public static string ToTorchvision(string name)
    {
        if (Block().Match(name) is { Success: true } block)
        {
            var (stage, layer) = (int.Parse(block.Groups["stage"].Value) + 1, block.Groups["layer"].Value);
            return Part(stage, block.Groups["rest"].Value) is { } part ? $"features.{stage}.{layer}.block.{part}" : name;
        }

        return name switch
        {
            _ when name.StartsWith("conv_stem.", StringComparison.Ordinal) => "features.0.0." + name["conv_stem.".Length..],
            _ when name.StartsWith("conv_head.", StringComparison.Ordinal) => $"features.{HeadStage}.0." + name["conv_head.".Length..],
            _ when name.StartsWith("bn2.", StringComparison.Ordinal) => $"features.{HeadStage}.1." + name["bn2.".Length..],
            _ => name,
        };
    }

    // Stages 1-3 are fused (expansion, projection), 4-6 have a depthwise convolution and squeeze and excitation.
    private static string? Part(int stage, string rest)
    {
        var dot = rest.LastIndexOf('.');
        var (module, leaf) = (rest[..dot], rest[dot..]);
        return (stage <= 3, module) switch
        {
            (true, "conv" or "conv_exp") => "0.0" + leaf,
            (true, "bn1") => "0.1" + leaf,
            (true, "conv_pwl") => "1.0" + leaf,
            (true, "bn2") => "1.1" + leaf,
            (false, "conv_pw") => "0.0" + leaf,
            (false, "bn1") => "0.1" + leaf,
            (false, "conv_dw") => "1.0" + leaf,
            (false, "bn2") => "1.1" + leaf,
            (false, "se.conv_reduce") => "2.fc1" + leaf,
            (false, "se.conv_expand") => "2.fc2" + leaf,
            (false, "conv_pwl") => "3.0" + leaf,
            (false, "bn3") => "3.1" + leaf,
            _ => null,
        };
    }

    [GeneratedRegex(
        @"^blocks\.(?<stage>\d+)\.(?<layer>\d+)\.(?<rest>.+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Block();
}
