using System.Text;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>A checkpoint file: a safetensors file with a format name in its metadata.</summary>
internal static class CheckpointFile
{
    private const string FormatKey = "format";
    private const string Format = "partstrainer-checkpoint-1";

    /// <summary>Writes a temporary file and renames it, so that a crash at any time leaves a complete checkpoint.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<TensorSource> tensors)
    {
        var temporary = path + ".tmp";
        using (var file = File.Create(temporary))
        {
            SafetensorsWriter.Write(file, new Dictionary<string, string>(metadata) { [FormatKey] = Format }, tensors);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <param name="path">The file.</param>
    /// <param name="wanted">Selects the tensors to read.</param>
    /// <exception cref="UserErrorException">The file is not a checkpoint, is damaged, or an older version wrote it.</exception>
    public static SafetensorsFile Read(string path, Func<string, bool> wanted)
    {
        if (IsFromOlderVersion(path))
        {
            throw new UserErrorException(
                $"{path}: an older version of partstrainer wrote this checkpoint, and this version cannot read it; "
                    + "export it with the older version, or train again with another --run", 1);
        }

        var file = SafetensorsFile.Read(path, wanted);
        return file.Metadata.GetValueOrDefault(FormatKey) == Format
            ? file
            : throw new UserErrorException($"{path}: not a partstrainer checkpoint", 1);
    }

    private static bool IsFromOlderVersion(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && Encoding.ASCII.GetString(start) == "PWC1";
    }
}
