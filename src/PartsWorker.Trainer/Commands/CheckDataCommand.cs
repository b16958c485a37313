using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer check-data</c>: finds what is wrong with a data set before it is trained on.</summary>
internal static class CheckDataCommand
{
    public static Command Create()
    {
        var options = new CheckDataOptions();
        var command = new Command(
            "check-data",
            """
            Checks images and labels before training: unreadable files, small classes, copies within and across splits,
            contradicting labels.
            With a bundle, it also lists labels that are probably wrong, and classes that need more images.
            Exit code 1: training would fail, or labels contradict each other.
            Example: partstrainer check-data --data parts --split train --bundle models/parts/1 --html check.html
            """);
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancel) => Task.FromResult(Run(parsed, options, cancel)));
        return command;
    }

    private static int Run(ParseResult parsed, CheckDataOptions options, CancellationToken cancel)
    {
        var bundles = (parsed.GetValue(options.Bundles) ?? []).Select(ModelBundle.Open).ToArray();
        var thresholds = options.Read(parsed, bundles);
        var data = Open(parsed, options);
        var scan = DataScan.Read(data, cancel);
        DataReport report;
        using (var progress = new ProgressLine("comparing", scan.Images.Count))
        {
            report = DataCheck.Run(data, scan, thresholds, progress, cancel);
        }

        report = report.With(Compare(parsed, options, new DataSet(data, scan), cancel));

        if (bundles.Length > 0 && scan.Images.Count > 0)
        {
            report = report with { Labels = CheckLabels(bundles, new(data, scan), thresholds, cancel) };
        }

        Print(report, parsed, options);
        return report.HasProblems ? 1 : 0;
    }

    /// <summary>Opens the data as <c>train</c> does. What prevents it is a problem of the data, not of the command line.</summary>
    private static DataFolder Open(ParseResult parsed, CheckDataOptions options)
    {
        var (data, split, labels) = (parsed.GetValue(options.Data), parsed.GetValue(options.Split), parsed.GetValue(options.Labels));
        try
        {
            return options.Reviews.Open(parsed, data, split, labels, everyClass: false, withoutLabels: true);
        }
        catch (UserErrorException error) when (
            (File.Exists(data) || (data is not null && Directory.Exists(Path.Combine(data, split ?? string.Empty))))
            && (labels is null || File.Exists(labels)))
        {
            throw new UserErrorException(error.Message, exitCode: 1, error);
        }
    }

    private static List<Finding> Compare(ParseResult parsed, CheckDataOptions options, DataSet data, CancellationToken cancel)
    {
        if (parsed.GetValue(options.Data) is not { } path)
        {
            return [];
        }

        var given = parsed.GetValue(options.Against) ?? [];
        var others = given.Length > 0 ? given : SplitCheck.Beside(path, parsed.GetValue(options.Split));
        List<Finding> findings = [];
        foreach (var name in others)
        {
            if (OpenOther(path, name, parsed.GetValue(options.Labels), isGiven: given.Length > 0) is not { } folder)
            {
                continue;
            }

            var other = new DataSet(folder, DataScan.Read(folder, cancel));
            using var progress = new ProgressLine($"comparing with {name}", data.Scan.Images.Count + other.Scan.Images.Count);
            var copies = SplitCheck.Run(data, other, name, progress, cancel).ToArray();
            findings.AddRange(copies);
            if (copies.Length == 0)
            {
                Console.Error.WriteLine($"{name}: none of its {other.Scan.Images.Count} images is a copy of an image that is checked");
            }
        }

        return findings;
    }

    /// <returns>Null if the folder was not named by the user and is not a split.</returns>
    private static DataFolder? OpenOther(string path, string name, string? labels, bool isGiven)
    {
        try
        {
            return DataFolder.Open(path, name, labels, everyClass: false, withoutLabels: true);
        }
        catch (UserErrorException error) when (!isGiven)
        {
            Console.Error.WriteLine($"{name}: not compared: {error.Message}");
            return null;
        }
    }

    private static LabelReport CheckLabels(ModelBundle[] bundles, DataSet data, CheckOptions thresholds, CancellationToken cancel)
    {
        var outputs = new List<BundleOutputs>();
        foreach (var bundle in bundles)
        {
            using var progress = new ProgressLine($"running {bundle.Key}", data.Scan.Images.Count);
            outputs.Add(BundleOutputs.Read(bundle, data, progress, cancel));
        }

        using var compared = new ProgressLine("checking labels", data.Scan.Images.Count);
        return new BundleCheck(data, thresholds).Run(outputs, compared, cancel);
    }

    private static void Print(DataReport report, ParseResult parsed, CheckDataOptions options)
    {
        if (parsed.GetValue(options.Json))
        {
            Console.WriteLine(report.ToJson());
        }
        else
        {
            CheckTable.Print(report, parsed.GetValue(options.PerClass));
        }

        if (parsed.GetValue(options.Html) is { } file)
        {
            CheckPage.Write(file, report);
        }
    }
}
