using System.Text.Json;
using System.Text.Json.Serialization;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// A saved run: its options, its progress and all tensors, so that it continues exactly as if it had never stopped. The order of the
/// images, their augmentation and the dropout masks are functions of the seed and the step, so they are not stored. The file is a
/// safetensors file; <see cref="CheckpointTensors"/> describes the names.
/// </summary>
internal sealed class Checkpoint
{
    private const string OptionsKey = "options";
    private const string ProgressKey = "progress";
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, NamedTensor> _tensors;

    private Checkpoint(string path, SafetensorsFile file)
    {
        _path = path;
        _tensors = file.Tensors;
        Options = Parse<TrainingOptions>(path, file.Metadata, OptionsKey);
        Progress = Parse<Progress>(path, file.Metadata, ProgressKey);
    }

    public TrainingOptions Options { get; }

    public Progress Progress { get; }

    /// <summary>Whether the run has reached its length, or has ended early because it no longer improved.</summary>
    public bool IsComplete =>
        Options.ShareDone(Progress) >= 1 || (Options.Patience > 0 && Progress.Stalled >= Options.Patience);

    private static JsonSerializerOptions Json { get; } = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The averaged weights, or the last weights if the run keeps no average, by PyTorch's names.</summary>
    public IReadOnlyDictionary<string, NamedTensor> Result => CheckpointTensors.Result(_tensors);

    public static void Save(string path, TrainingOptions options, Progress progress, IReadOnlyList<TensorSource> tensors)
    {
        var metadata = new Dictionary<string, string>
        {
            [OptionsKey] = JsonSerializer.Serialize(options, Json),
            [ProgressKey] = JsonSerializer.Serialize(progress, Json),
            // Readable by other tools.
            ["step"] = $"{progress.Step}",
            ["epoch"] = options.StepsPerEpoch > 0 ? $"{progress.Step / options.StepsPerEpoch}" : string.Empty,
            ["seed"] = $"{options.Seed}",
        };
        CheckpointFile.Write(path, metadata, tensors);
    }

    /// <summary>Reads everything, to continue the run.</summary>
    public static Checkpoint Load(string path) => new(path, CheckpointFile.Read(path, _ => true));

    /// <summary>Reads the weights without the optimizer's state.</summary>
    public static Checkpoint LoadWeights(string path) => new(path, CheckpointFile.Read(path, CheckpointTensors.IsOfNetwork));

    /// <summary>Reads only options and progress.</summary>
    public static Checkpoint LoadHeader(string path) => new(path, CheckpointFile.Read(path, _ => false));

    /// <summary>The averaged weights, or the last weights if the run keeps no average.</summary>
    public TrainedStage ToStage() => new(Options.Network, Result.ToDictionary(t => t.Key, t => t.Value.Data));

    /// <exception cref="UserErrorException">The tensor is missing or has another shape.</exception>
    public float[] Tensor(string name, int[] shape)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
        {
            throw new UserErrorException($"{_path}: has no tensor '{name}', which the network needs", 1);
        }

        return tensor.Shape.SequenceEqual(shape)
            ? tensor.Data
            : throw new UserErrorException(
                $"{_path}: tensor '{name}' is {Shapes.Text(tensor.Shape)}, but the network needs {Shapes.Text(shape)}", 1);
    }

    private static T Parse<T>(string path, IReadOnlyDictionary<string, string> metadata, string key)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(metadata[key], Json)!;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException)
        {
            throw new UserErrorException($"{path}: could not read its {key}: {error.Message}", 1, error);
        }
    }
}
