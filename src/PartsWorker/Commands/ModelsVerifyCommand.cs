using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Serving;

namespace PartsWorker.Commands;

/// <summary>
/// <c>partsworker models verify</c>: checks that a bundle is complete and reproduces its golden outputs in every precision on this machine.
/// </summary>
internal static class ModelsVerifyCommand
{
    public static Command Create(Settings settings)
    {
        var folder = new Argument<string>("folder") { Description = "Bundle folder, models/<name>/<version>." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per precision." };
        var command = new DocumentedCommand(
            "verify",
            "Check a bundle's files and its golden outputs in every precision on this machine.",
            """
            Example:
              partsworker models verify models/real-parts/2.7.0
            """)
        {
            folder, json,
        };
        command.SetAction(arguments => Run(settings, arguments.GetRequiredValue(folder), arguments.GetValue(json)));
        return command;
    }

    private static int Run(Settings settings, string folder, bool json)
    {
        using var services = LocalModels.Build(settings);
        try
        {
            foreach (var verified in services.GetRequiredService<BundleCheck>().Verify(folder))
            {
                Print(verified, json);
            }

            return 0;
        }
        catch (BundleException error)
        {
            throw new UserErrorException(error.Message, exitCode: 1, error);
        }
        catch (Exception error) when (StartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }

    private static void Print(VerifiedBundle verified, bool json)
    {
        var (bundle, precision, device, decoder, report) = verified;
        var line = new
        {
            model = bundle.Key,
            precision,
            device,
            decoder,
            files = bundle.Manifest.Files.Count,
            goldenImages = report.Images,
            largestDifference = report,
        };
        Console.WriteLine(json
            ? JsonSerializer.Serialize(line, JsonSerializerOptions.Web)
            : $"{bundle.Key}: {line.files} files are unaltered, "
                + $"{report.Images} golden outputs are reproduced in {precision} on {device} with {decoder}; "
                + $"largest differences: embedding {report.Embedding:0.0e0}, scores {report.Scores:0.0e0}, "
                + $"logits {report.Logits:0.0e0}, confidence {report.Confidence:0.0e0}");
    }
}
