using System.CommandLine;
using System.Text.Json;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer quantize</c>: adds 8-bit graphs to a bundle, for faster classification on CPUs.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        var bundle = new Option<string>("--bundle")
        {
            Description = "Bundle folder. It is not changed; a new version is written.",
            Required = true,
        };
        var data = new Option<string>("--data") { Description = "Data that the bundle was trained on.", Required = true };
        var split = new Option<string?>("--split") { Description = "Subfolder of --data with the training images, such as train." };
        var version = new Option<string>("--version-name") { Description = "Name of the new version.", Required = true };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var int8 = new Int8CommandOptions();
        var command = new Command(
            "quantize",
            """
            Adds 8-bit graphs to a bundle and writes a new version. On CPUs that have the instructions, the worker then runs these.
            Prints the loss of each method, and of each layer when only that layer is rounded.
            Example: partstrainer quantize --bundle models/parts/1 --data parts --split train --version-name 1.1
            """)
        {
            bundle, data, split, version, json,
        };
        foreach (var option in int8.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancel) =>
        {
            var opened = ModelBundle.Open(parsed.GetValue(bundle)!);
            NextVersion.RequireWritable(opened, parsed.GetValue(version)!);
            var training = BundleClasses.Match(
                opened, DataFolder.Open(parsed.GetValue(data)!, parsed.GetValue(split), everyClass: false)).Images;
            var (made, networks) = Int8Addition.Write(
                opened,
                training,
                int8.Read(parsed),
                parsed.GetValue(version)!,
                TimeProvider.System.GetUtcNow(),
                new StandardErrorLines(),
                cancel);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(networks.Select(Int8Table.Summary), JsonSerializerOptions.Web));
            }
            else
            {
                Int8Table.Print(networks, Console.Out);
                Console.WriteLine($"{made.Directory}: {made.Key} in {string.Join(", ", made.Precisions.Select(Precisions.NameOf))}");
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
