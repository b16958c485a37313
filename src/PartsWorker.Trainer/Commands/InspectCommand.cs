using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Training;
using Spectre.Console;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer inspect</c>: shows what an .onnx file, a bundle or a checkpoint contains.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "An .onnx file, a bundle folder, or a .ckpt file of a run." };
        var layers = new Option<bool>("--layers") { Description = "Also list every tensor." };
        var command = new Command(
            "inspect",
            """
            Shows the parameters, multiplications per image, operators and opset of a network.
            Example: partstrainer inspect models/parts-demo/2.0.0
            """) { path, layers };
        command.SetAction(parsed => Run(parsed.GetValue(path)!, parsed.GetValue(layers)));
        return command;
    }

    private static int Run(string path, bool layers)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.onnx").Order(StringComparer.Ordinal)] : [path];
        if (files.Length == 0 || !File.Exists(files[0]))
        {
            throw new UserErrorException($"{path}: not found, or not an .onnx file, a bundle folder or a checkpoint");
        }

        foreach (var file in files)
        {
            var bytes = Path.GetExtension(file) == ".ckpt" ? Checkpoint.LoadWeights(file).ToStage().ToOnnx() : File.ReadAllBytes(file);
            Show(file, Parse(file, bytes), layers);
        }

        if (File.Exists(Path.Combine(path, BundleManifest.FileName)))
        {
            var gallery = BundleGallery.Open(path);
            Console.WriteLine(
                $"gallery: {gallery.GalleryClasses.Length:n0} rows of {gallery.GalleryClasses.Distinct().Count():n0} classes, "
                    + $"{gallery.Images.Count:n0} images of {gallery.Images.Classes:n0} classes");
        }

        return 0;
    }

    private static ModelProto Parse(string file, byte[] bytes)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes) is { Graph.Node.Count: > 0 } model
                ? model
                : throw new UserErrorException($"{file}: contains no graph");
        }
        catch (Google.Protobuf.InvalidProtocolBufferException error)
        {
            throw new UserErrorException($"{file}: not an ONNX file ({error.Message})", 1, error);
        }
    }

    private static void Show(string file, ModelProto model, bool layers)
    {
        var facts = new GraphFacts(model);
        var table = new Table().Border(TableBorder.Minimal).AddColumns("what", Markup.Escape(file));
        table.AddRow(
            "opset", string.Join(", ", model.OpsetImport.Select(o => $"{(o.Domain.Length == 0 ? "ai.onnx" : o.Domain)} {o.Version}")));
        table.AddRow("inputs", Markup.Escape(string.Join(", ", model.Graph.Input.Select(GraphFacts.Describe))));
        table.AddRow("outputs", Markup.Escape(string.Join(", ", model.Graph.Output.Select(GraphFacts.Describe))));
        table.AddRow("parameters", $"{facts.Parameters:n0} in {facts.Tensors.Count} tensors");
        table.AddRow("multiplications", $"{facts.Multiplications / 1e6:n1} million per image (convolutions and matrix products)");
        var operators = model.Graph.Node.CountBy(n => n.OpType).OrderByDescending(o => o.Value).Select(o => $"{o.Key} {o.Value}");
        table.AddRow("operators", Markup.Escape(string.Join(", ", operators)));
        AnsiConsole.Write(table);
        foreach (var tensor in layers ? facts.Tensors : [])
        {
            Console.WriteLine(
                $"  {tensor.Name,-48} {Shapes.Text([.. tensor.Dims.Select(d => (int)d)]),-20} {(ElementType)tensor.DataType}");
        }
    }
}
