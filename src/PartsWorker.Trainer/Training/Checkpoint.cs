using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Training;

/// <summary>How far a run has come.</summary>
internal sealed record Progress
{
    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    public double BestValidation { get; init; } = double.PositiveInfinity;

    /// <summary>Validations since the best one.</summary>
    public int Stalled { get; init; }

    public int Plateaus { get; init; }

    public double Seconds { get; init; }
}

/// <summary>
/// A run on disk: its options, its progress, and every number it needs to continue exactly as if it had not stopped. Written beside
/// the old file and moved over it, so that a kill at any moment leaves one whole checkpoint.
/// </summary>
internal sealed class Checkpoint
{
    private const uint Magic = 0x31435750;
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required TrainingOptions Options { get; init; }

    public required Progress Progress { get; init; }

    /// <summary>Weights and running statistics as they lie in memory; <see cref="Average"/> and the optimizer's arrays lie alike.</summary>
    public required float[] State { get; init; }

    public required float[] Average { get; init; }

    public required float[] First { get; init; }

    public required float[] Second { get; init; }

    public void Save(string path)
    {
        var temporary = path + ".tmp";
        using (var file = File.Create(temporary))
        {
            using var writer = new BinaryWriter(file);
            writer.Write(Magic);
            writer.Write(JsonSerializer.Serialize(Options, Json));
            writer.Write(JsonSerializer.Serialize(Progress, Json));
            foreach (var block in new[] { State, Average, First, Second })
            {
                writer.Write(block.Length);
                writer.Write(MemoryMarshal.AsBytes(block.AsSpan()));
            }

            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public static Checkpoint Load(string path)
    {
        try
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            if (reader.ReadUInt32() != Magic)
            {
                throw new InvalidDataException($"{path} is not a checkpoint of this trainer");
            }

            return new Checkpoint
            {
                Options = JsonSerializer.Deserialize<TrainingOptions>(reader.ReadString(), Json)!,
                Progress = JsonSerializer.Deserialize<Progress>(reader.ReadString(), Json)!,
                State = Block(reader),
                Average = Block(reader),
                First = Block(reader),
                Second = Block(reader),
            };
        }
        catch (Exception error) when (error is EndOfStreamException or JsonException)
        {
            throw new InvalidDataException($"{path} is damaged: {error.Message}", error);
        }
    }

    private static float[] Block(BinaryReader reader)
    {
        var block = new float[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(block.AsSpan()));
        return block;
    }
}
