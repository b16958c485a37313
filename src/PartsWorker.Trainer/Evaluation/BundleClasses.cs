using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Maps the classes of a data folder to those of a bundle by name, because ids differ after a class was enrolled.</summary>
internal static class BundleClasses
{
    public static DataFolder Match(ModelBundle bundle, DataFolder folder) => Match(bundle.Labels, bundle.Key, folder);

    /// <param name="labels">Labels whose ids the images receive.</param>
    /// <param name="owner">Name of the owner of the labels, for the error message.</param>
    /// <param name="folder">Images with the ids of the folder's labels.</param>
    public static DataFolder Match(LabelSet labels, string owner, DataFolder folder)
    {
        var ids = labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var images = folder.Images.Select(i => i with { ClassId = IdOf(ids, owner, folder, i.ClassId) }).ToArray();
        return folder with { Labels = labels, Images = images };
    }

    private static int IdOf(Dictionary<string, int> ids, string owner, DataFolder folder, int classId)
    {
        var name = folder.Labels.Classes[classId].Name;
        return ids.TryGetValue(name, out var id)
            ? id
            : throw new UserErrorException($"{folder.Path}: {owner} has no class \"{name}\"; enroll it first, or remove the folder");
    }
}
