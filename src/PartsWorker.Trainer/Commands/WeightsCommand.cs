using System.CommandLine;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer weights</c>: lists and checks the known starting weights, and exports them.</summary>
internal static class WeightsCommand
{
    private const string Extension = ".safetensors";

    public static Command Create()
    {
        var export = new Option<string?>("--export")
        {
            Description = $"Also write {StartingWeights.Default} to this {Extension} file, under torchvision's tensor names.",
        };
        var command = new Command(
            "weights",
            """
            Lists the starting weights that --weights accepts by name: file, hash, network and license. Exit code 1 if a file is missing
            or changed.
            Example: partstrainer weights --export resnet18-imagenet.safetensors
            """) { export };
        command.SetAction(parsed => Run(StartingWeights.Known, parsed.GetValue(export), Console.Out));
        return command;
    }

    internal static int Run(IReadOnlyList<StartingWeights> known, string? export, TextWriter output)
    {
        if (export is not null && Path.GetExtension(export) != Extension)
        {
            throw new UserErrorException($"--export {export}: the file name must end in {Extension}");
        }

        var complete = known.Select(weights => Show(weights, output)).ToArray().All(valid => valid);
        if (export is not null)
        {
            Export(known.First(w => w.Name == StartingWeights.Default), export);
            output.WriteLine($"wrote {export}");
        }

        return complete ? 0 : 1;
    }

    private static bool Show(StartingWeights weights, TextWriter output)
    {
        output.WriteLine(weights.Name);
        output.WriteLine($"  package    {weights.Package}");
        output.WriteLine($"  license    MIT, {weights.LicensePath}");
        output.WriteLine("             This is the notice of the package. It says nothing about the origin of the weights.");
        try
        {
            var tensors = weights.Read();
            var parameters = tensors.Where(t => !t.Key.Contains(".running_", StringComparison.Ordinal)).Sum(t => (long)t.Value.Data.Length);
            output.WriteLine($"  backbone   {weights.Backbone}, {parameters:n0} parameters");
            output.WriteLine($"  file       {weights.FilePath}");
            output.WriteLine($"  SHA-256    {weights.Sha256}, checked");
            return true;
        }
        catch (UserErrorException error)
        {
            output.WriteLine($"  backbone   {weights.Backbone}");
            output.WriteLine($"  file       {error.Message}");
            return false;
        }
    }

    private static void Export(StartingWeights weights, string path)
    {
        var tensors = weights.Read();
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["backbone"] = weights.Backbone,
            ["pixels"] = "RGB, normalized with ImageNet's mean and deviation",
            ["source"] = weights.Package,
            ["license"] = "MIT notice of the package, which says nothing about the origin of the weights",
        };
        using var file = File.Create(path);
        SafetensorsWriter.Write(
            file, metadata, [.. tensors.Select(t => new TensorSource(t.Key, t.Value.Shape, () => t.Value.Data))]);
    }
}
