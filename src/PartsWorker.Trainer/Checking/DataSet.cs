using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>A data set that has been read, as the checks see it.</summary>
internal sealed class DataSet
{
    private readonly string _root;

    public DataSet(DataFolder data, Scan scan)
    {
        Data = data;
        Scan = scan;
        ByClass = scan.Images.ToLookup(i => i.ClassId);
        Given = data.Images.CountBy(i => i.ClassId).ToDictionary();
        var folder = File.Exists(data.Path) ? Path.GetDirectoryName(Path.GetFullPath(data.Path))! : Path.GetFullPath(data.Path);
        _root = folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
    }

    public DataFolder Data { get; }

    public LabelSet Labels => Data.Labels;

    public Scan Scan { get; }

    /// <summary>Readable images per class id.</summary>
    public ILookup<int, ScannedImage> ByClass { get; }

    /// <summary>Number of images per class id, unreadable ones included; classes without images are missing.</summary>
    public IReadOnlyDictionary<int, int> Given { get; }

    public string Name(int classId) => Labels.Classes[classId].Name;

    /// <summary>The path relative to the data folder, where the image is inside it.</summary>
    public string Short(string path)
    {
        var full = Path.GetFullPath(path);
        return full.StartsWith(_root, StringComparison.Ordinal) ? full[_root.Length..] : path;
    }
}
