using Google.Protobuf;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Adds the gallery to an embedder: <c>scores, indices = TopK(embedding x gallery^T)</c>. The gallery is an external file, so that
/// enrolling a part does not change the network.
/// </summary>
internal static class GalleryGraph
{
    public const string DataFile = "gallery.data";
    private const string Gallery = "gallery";
    private const string GalleryAsFloat = "gallery_float";

    /// <summary>Writes the embedder's graph and its gallery file to <paramref name="folder"/>.</summary>
    /// <param name="folder">Folder of the new bundle.</param>
    /// <param name="embedder">A graph from <c>image</c> to <c>embedding</c>, with or without a gallery.</param>
    /// <param name="rows">Unit vectors.</param>
    /// <param name="topK">Number of hits per image.</param>
    /// <param name="half">Store the rows as fp16; the graph casts them back.</param>
    public static void Write(string folder, byte[] embedder, IReadOnlyList<float[]> rows, int topK, bool half)
    {
        var model = ModelProto.Parser.ParseFrom(embedder);
        Strip(model.Graph);
        model.Graph.Initializer.Add(External(rows, half));
        model.Graph.Initializer.Add(
            new TensorProto { Name = "top_k", DataType = (int)ElementType.Int64, Dims = { 1 }, Int64Data = { topK } });
        if (half)
        {
            model.Graph.Node.Add(new NodeProto
            {
                OpType = "Cast",
                Name = "gallery_as_float",
                Input = { Gallery },
                Output = { GalleryAsFloat },
                Attribute = { Attributes.Int("to", (int)ElementType.Float) },
            });
        }

        model.Graph.Node.Add(new NodeProto
        {
            OpType = "Gemm",
            Name = "cosine",
            Input = { "embedding", half ? GalleryAsFloat : Gallery },
            Output = { "cosine" },
            Attribute = { Attributes.Int("transB", 1) },
        });
        model.Graph.Node.Add(
            new NodeProto { OpType = "TopK", Name = "nearest", Input = { "cosine", "top_k" }, Output = { "scores", "indices" } });
        model.Graph.Output.Add(GraphBuilder.Info(new Value("scores", ElementType.Float, [-1, topK])));
        model.Graph.Output.Add(GraphBuilder.Info(new Value("indices", ElementType.Int64, [-1, topK])));
        File.WriteAllBytes(Path.Combine(folder, "stage1.onnx"), model.ToByteArray());
        using var data = File.Create(Path.Combine(folder, DataFile));
        foreach (var row in rows)
        {
            var tensor = half ? TensorCodec.EncodeHalf(Gallery, row, [row.Length]) : TensorCodec.Encode(Gallery, row, [row.Length]);
            tensor.RawData.WriteTo(data);
        }
    }

    /// <summary>Reads the gallery of a bundle, from the graph or from its external file.</summary>
    public static (IReadOnlyList<float[]> Rows, bool Half) ReadRows(string folder, byte[] stageOne)
    {
        var tensor = ModelProto.Parser.ParseFrom(stageOne).Graph.Initializer.First(i => i.Name == Gallery);
        var half = tensor.DataType == (int)ElementType.Float16;
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            tensor.RawData = ReadExternal(folder, tensor, half ? 2 : 4);
        }

        var values = TensorCodec.DecodeFloats(tensor);
        var rows = new float[(int)tensor.Dims[0]][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = values.AsSpan(i * (int)tensor.Dims[1], (int)tensor.Dims[1]).ToArray();
        }

        return (rows, half);
    }

    private static ByteString ReadExternal(string folder, TensorProto tensor, int width)
    {
        var entries = tensor.ExternalData.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        var file = File.ReadAllBytes(Path.Combine(folder, entries["location"]));
        var offset = entries.TryGetValue("offset", out var text) ? int.Parse(text) : 0;
        return ByteString.CopyFrom(file, offset, (int)(width * tensor.Dims[0] * tensor.Dims[1]));
    }

    /// <summary>Removes the gallery of the graph, so that a new one can be added.</summary>
    private static void Strip(GraphProto graph)
    {
        Remove(graph.Node, n => n.Output.Any(o => o is "scores" or "cosine") || n.Input.Any(i => i is Gallery or GalleryAsFloat));
        Remove(graph.Initializer, i => i.Name is Gallery or "top_k");
        Remove(graph.Output, o => o.Name is "scores" or "indices");
    }

    private static void Remove<T>(Google.Protobuf.Collections.RepeatedField<T> list, Func<T, bool> unwanted)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (unwanted(list[i]))
            {
                list.RemoveAt(i);
            }
        }
    }

    private static TensorProto External(IReadOnlyList<float[]> rows, bool half)
    {
        var tensor = new TensorProto
        {
            Name = Gallery,
            DataType = (int)(half ? ElementType.Float16 : ElementType.Float),
            Dims = { rows.Count, rows[0].Length },
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = DataFile });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{(half ? 2L : 4L) * rows.Count * rows[0].Length}" });
        return tensor;
    }
}
