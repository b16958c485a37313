using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary>Reads the images of a data set with a progress line, and checks the data of a new run.</summary>
internal static class DataScan
{
    /// <summary>Reads each image once, with the decoder that training uses.</summary>
    public static Scan Read(DataFolder data, CancellationToken cancel)
    {
        using var progress = new ProgressLine("reading", data.Images.Count);
        var decoder = ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full));
        return new ImageScanner(decoder).Scan(data.Images, progress, cancel);
    }

    /// <summary>Prints one line per finding of <c>check-data</c>.</summary>
    /// <exception cref="UserErrorException">Labels contradict each other.</exception>
    public static void CheckBeforeTraining(DataFolder data, int size, CancellationToken cancel)
    {
        var report = DataCheck.Run(data, Read(data, cancel), new CheckOptions { TrainingSize = size }, cancel: cancel);
        foreach (var finding in report.Findings)
        {
            Console.Error.WriteLine($"check-data: {finding.Text}");
        }

        if (report.HasProblems)
        {
            throw new UserErrorException(
                $"{data.Path}: {report.Findings[0].Text.ToLowerInvariant()}: see 'partstrainer check-data', "
                    + "or train on it as it is with --skip-check",
                exitCode: 1);
        }
    }
}
