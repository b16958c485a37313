using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>Checks a data set without a model.</summary>
internal static class DataCheck
{
    /// <param name="folder">The data set as it was opened.</param>
    /// <param name="scan">Its images.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="progress">Receives the number of images compared so far.</param>
    /// <param name="cancel">Stops between two images.</param>
    public static DataReport Run(
        DataFolder folder, Scan scan, CheckOptions options, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var data = new DataSet(folder, scan);
        var scenes = Scenes.Count(scan.Images);
        IEnumerable<Finding> findings =
        [
            .. LabelCheck.Run(data.Labels),
            .. ClassSizeCheck.Run(data, options),
            .. CopyCheck.Run(data),
            .. FileCheck.Run(data, options),
            .. LookalikeCheck.Run(data, progress, cancel),
            .. SceneCheck.Run(data, scenes, options),
        ];
        return new()
        {
            Data = folder.Path,
            Images = folder.Images.Count,
            Unreadable = scan.Skipped.Count,
            Classes = folder.Labels.Classes.Count,
            Findings = [.. findings.OrderBy(f => f.Severity)],
            PerClass = [.. folder.Labels.Classes.Select(c => new ClassFacts(
                c.Name,
                folder.Labels.Colors[c.Color],
                folder.Labels.Shapes[c.Shape],
                data.Given.GetValueOrDefault(c.Id),
                data.ByClass[c.Id].Count(),
                scenes.GetValueOrDefault(c.Id)))],
        };
    }
}
