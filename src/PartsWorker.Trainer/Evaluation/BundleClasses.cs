using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Matches the classes of a data folder to those of a bundle, by name: ids differ as soon as a class was enrolled later.</summary>
internal static class BundleClasses
{
    public static DataFolder Match(ModelBundle bundle, DataFolder folder) => Match(bundle.Labels, bundle.Key, folder);

    /// <param name="labels">Whose ids the images are to have.</param>
    /// <param name="owner">Who has these labels, for the message.</param>
    /// <param name="folder">Images with ids of their own.</param>
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
            : throw new UserErrorException($"{folder.Path}: {owner} knows no class \"{name}\"; enroll it first, or take the folder away");
    }
}
