using PartsWorker.Model.Bundle;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Matches the classes of a data folder to those of a bundle, by name: ids differ as soon as a class was enrolled later.</summary>
internal static class BundleClasses
{
    public static DataFolder Match(ModelBundle bundle, DataFolder folder)
    {
        var ids = bundle.Labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var images = folder.Images.Select(i => i with { ClassId = IdOf(bundle, ids, folder, i.ClassId) }).ToArray();
        return folder with { Labels = bundle.Labels, Images = images };
    }

    private static int IdOf(ModelBundle bundle, Dictionary<string, int> ids, DataFolder folder, int classId)
    {
        var name = folder.Labels.Classes[classId].Name;
        return ids.TryGetValue(name, out var id)
            ? id
            : throw new UserErrorException($"{folder.Path}: {bundle.Key} knows no class \"{name}\"; enroll it first, or take the folder away");
    }
}
