using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer decode-scale</c>: changes how far large JPEGs are shrunk while they are decoded.</summary>
internal static class DecodeScaleCommand
{
    public static Command Create()
    {
        var scale = DecodeScaleOption.CreateArgument();
        var bundle = new Option<string>("--bundle")
        {
            Description = "Bundle folder. It is not changed; a new version is written.",
            Required = true,
        };
        var version = new Option<string>("--version-name") { Description = "Name of the new version.", Required = true };
        var command = new Command(
            "decode-scale",
            """
            Changes how far a worker may shrink large JPEGs while it decodes them, and writes a new version of the bundle. The networks
            stay the same. Measure both versions on images as large as those of your cameras: partstrainer evaluate
            Example: partstrainer decode-scale no-reserve --bundle models/parts/1 --version-name 1.1
            """)
        {
            scale, bundle, version,
        };
        command.SetAction(parsed =>
        {
            var opened = ModelBundle.Open(parsed.GetValue(bundle)!);
            var before = opened.Manifest.Preprocessing;
            if (before.DecodeScale == parsed.GetValue(scale))
            {
                throw new UserErrorException($"{opened.Key} already decodes with '{DecodeScaleOption.NameOf(before.DecodeScale)}'");
            }

            var made = DecodeScaleChange.Write(
                opened, parsed.GetValue(scale), parsed.GetValue(version)!, TimeProvider.System.GetUtcNow());
            var after = made.Manifest.Preprocessing;
            Console.WriteLine(
                $"{made.Directory}: {made.Key} decodes with {after.Decoder}, '{DecodeScaleOption.NameOf(after.DecodeScale)}'; "
                    + $"{opened.Key} with {before.Decoder ?? ImageDecoders.LibVips}, '{DecodeScaleOption.NameOf(before.DecodeScale)}'");
            return 0;
        });
        return command;
    }
}
