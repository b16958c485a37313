using System.CommandLine;
using System.Text.Json;
using PartsWorker.Bench.Images;
using PartsWorker.Bench.Suite;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Inference;

namespace PartsWorker.Bench.Commands;

/// <summary><c>partsbench device</c>: compares the results of a device with those of the CPU.</summary>
internal static class DeviceCommand
{
    private const string Help = """
        Classifies images on the configured device and on the CPU, and compares the results. Exits with 1 if a score differs by more than
        2e-2, or if the class is the same on less than 99.5 % of the images. The CPU uses the precision of the device, and fp32 for fp16.
        Needs no services.

        Example:
          partsbench device --bundle models/real-parts/2.7.0 --images models/real-parts/2.7.0/golden --Inference:Device=cuda
        """;

    public static Command Create(Settings settings)
    {
        var bundle = new Option<string>("--bundle") { Description = "Bundle folder.", Required = true };
        var images = new Option<string>("--images") { Description = "Folder of images (JPEG, PNG).", Required = true };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("device", Help) { bundle, images, json };
        command.SetAction(arguments => Run(settings, arguments.GetValue(bundle)!, arguments.GetValue(images)!, arguments.GetValue(json)));
        return command;
    }

    private static int Run(Settings settings, string folder, string images, bool json)
    {
        try
        {
            var configuration = settings.Load();
            var device = SharedLimits.Inference(configuration);
            var cpu = SharedLimits.Inference(configuration);
            cpu.Device = ExecutionDevice.Cpu;
            var check = new DeviceCheck(
                ModelBundle.Open(RunOptions.Folder("--bundle", folder)), BenchSettings.Decoder(configuration),
                SharedLimits.Decoding(configuration));
            var figures = check.Compare(device, cpu, Images(images));
            Console.WriteLine(json ? JsonSerializer.Serialize(figures, JsonSerializerOptions.Web) : Line(figures));
            return figures.Passes ? 0 : 1;
        }
        catch (Exception error) when (StartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }

    private static string[] Images(string folder)
    {
        string[] found = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Where(IsImage).Order(StringComparer.Ordinal)]
            : [];
        return found.Length > 0
            ? found
            : throw new UserErrorException($"--images {folder}: the folder does not exist or contains no .jpg, .jpeg or .png file");
    }

    private static bool IsImage(string file) =>
        BenchImages.IsJpeg(file) || Path.GetExtension(file).Equals(".png", StringComparison.OrdinalIgnoreCase);

    private static string Line(DeviceFigures f) =>
        $"{f.Bundle}: {f.Precision} on {f.Device} against {f.ReferencePrecision} on {f.Reference} with {f.Images} images: "
        + $"scores within {f.Scores:0.0e+0}, logits within {f.Logits:0.0e+0}, same class on {f.SameClass:0.00%}: "
        + (f.Passes ? "passes" : "FAILS");
}
