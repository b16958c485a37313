using System.Globalization;
using Google.Protobuf;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Weights of a graph that another graph file of the bundle also contains, byte for byte, such as 8-bit weights: the graph refers to the
/// bytes in that file instead of repeating them.
/// </summary>
internal static class SharedWeights
{
    private const int Least = 4096;

    /// <param name="folder">Folder of the bundle.</param>
    /// <param name="file">Name of the graph to write.</param>
    /// <param name="graph">The graph with all of its weights.</param>
    /// <param name="other">Name of the file with the same weights.</param>
    public static void Write(string folder, string file, byte[] graph, string other)
    {
        var model = ModelProto.Parser.ParseFrom(graph);
        var content = File.ReadAllBytes(Path.Combine(folder, other));
        foreach (var tensor in model.Graph.Initializer.Where(t => t.RawData.Length >= Least))
        {
            var offset = content.AsSpan().IndexOf(tensor.RawData.Span);
            if (offset >= 0)
            {
                Refer(tensor, other, offset);
            }
        }

        File.WriteAllBytes(Path.Combine(folder, file), model.ToByteArray());
    }

    /// <summary>The graph with all of its weights, except those of the gallery.</summary>
    public static byte[] Inline(byte[] graph, string folder)
    {
        var model = ModelProto.Parser.ParseFrom(graph);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var tensor in model.Graph.Initializer.Where(t => t.DataLocation == TensorProto.Types.DataLocation.External))
        {
            var entries = tensor.ExternalData.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
            var file = entries["location"];
            if (file == GalleryGraph.DataFile)
            {
                continue;
            }

            var content = files.TryGetValue(file, out var read) ? read : files[file] = File.ReadAllBytes(Path.Combine(folder, file));
            tensor.RawData = ByteString.CopyFrom(content, Number(entries["offset"]), Number(entries["length"]));
            tensor.ExternalData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        }

        return model.ToByteArray();
    }

    private static void Refer(TensorProto tensor, string file, int offset)
    {
        var length = tensor.RawData.Length;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = file });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length.ToString(CultureInfo.InvariantCulture) });
        tensor.ClearRawData();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
