using System.Text.Json;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// The images of a refresh. All class ids are those of <see cref="Labels"/>, which begin with the classes of the serving bundle.
/// </summary>
internal sealed record RefreshData
{
    private const string FileName = "refresh.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Key of the serving bundle.</summary>
    public required string Serving { get; init; }

    public required LabelSet Labels { get; init; }

    /// <summary>Classes that the serving bundle does not know.</summary>
    public required IReadOnlyList<string> NewClasses { get; init; }

    /// <summary>The base data and the reviews that are not held out.</summary>
    public required IReadOnlyList<LabeledImage> Training { get; init; }

    /// <summary>How many of the training images come from reviews.</summary>
    public required int TrainingReviews { get; init; }

    /// <summary>Recent reviews that are held out of training.</summary>
    public required IReadOnlyList<LabeledImage> Recent { get; init; }

    /// <summary>The frozen test set: the images of classes that the serving bundle knows.</summary>
    public required IReadOnlyList<LabeledImage> Frozen { get; init; }

    /// <summary>The images that a run was started with, so that a continued run trains on the same ones; null = a new run.</summary>
    /// <exception cref="UserErrorException">The run was started from another bundle, or its file is damaged.</exception>
    public static RefreshData? Load(string runFolder, string serving)
    {
        var path = Path.Combine(runFolder, FileName);
        if (!File.Exists(path))
        {
            return !File.Exists(StageRun.CheckpointOf(runFolder, Stage.One)) ? null : throw new UserErrorException(
                $"{runFolder}: contains a run of 'train'; choose another --run");
        }

        try
        {
            var data = JsonSerializer.Deserialize<RefreshData>(File.ReadAllText(path), Json)!;
            return data.Serving == serving ? data : throw new UserErrorException(
                $"{runFolder}: this run refreshes {data.Serving}, not {serving}; choose another --run");
        }
        catch (JsonException error)
        {
            throw new UserErrorException($"{path}: not a valid file ({error.Message}); choose another --run", inner: error);
        }
    }

    public void Save(string runFolder)
    {
        var path = Path.Combine(runFolder, FileName);
        File.WriteAllText(path + ".tmp", JsonSerializer.Serialize(this, Json));
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
