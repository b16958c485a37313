using Google.Protobuf;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Adds the gallery to an embedder: the cosine to each row, the best row of each class, and the top-k classes by it. One hit per class
/// leaves room for many classes among the hits, however many rows each of them has. The gallery is an external file, so that enrolling a
/// part does not change the network.
/// </summary>
internal static class GalleryGraph
{
    public const string DataFile = "gallery.data";
    public const string EmbedderFile = "stage1.onnx";
    private const string Prefix = "gallery";
    private const string Gallery = "gallery";
    private const string GalleryAsFloat = "gallery_float";

    /// <summary>Writes the embedder's graph and its gallery file to <paramref name="folder"/>.</summary>
    /// <param name="folder">Folder of the new bundle.</param>
    /// <param name="embedder">A graph from <c>image</c> to <c>embedding</c>, with or without a gallery.</param>
    /// <param name="rows">Unit vectors.</param>
    /// <param name="classes">Class of each row.</param>
    /// <param name="topK">Number of hits per image, at most one per class.</param>
    /// <param name="half">Store the rows as fp16; the graph casts them back.</param>
    public static void Write(
        string folder, byte[] embedder, IReadOnlyList<float[]> rows, IReadOnlyList<int> classes, int topK, bool half)
    {
        File.WriteAllBytes(Path.Combine(folder, EmbedderFile), Add(embedder, rows, classes, topK, half));
        using var data = File.Create(Path.Combine(folder, DataFile));
        foreach (var row in rows)
        {
            var tensor = half ? TensorCodec.EncodeHalf(Gallery, row, [row.Length]) : TensorCodec.Encode(Gallery, row, [row.Length]);
            tensor.RawData.WriteTo(data);
        }
    }

    /// <summary>The embedder's graph with the gallery of <see cref="DataFile"/>.</summary>
    public static byte[] Add(byte[] embedder, IReadOnlyList<float[]> rows, IReadOnlyList<int> classes, int topK, bool half)
    {
        var model = ModelProto.Parser.ParseFrom(embedder);
        Strip(model.Graph);
        model.Graph.Initializer.Add(External(rows, half));
        if (half)
        {
            Add(model.Graph, "Cast", [Gallery], [GalleryAsFloat], Attributes.Int("to", (int)ElementType.Float));
        }

        Add(
            model.Graph,
            "Gemm",
            ["embedding", half ? GalleryAsFloat : Gallery],
            ["gallery_cosine"],
            Attributes.Int("transB", 1));
        AddHits(model.Graph, ClassRows.Of(classes), topK);
        model.Graph.Output.Add(GraphBuilder.Info(new Value("scores", ElementType.Float, [-1, topK])));
        model.Graph.Output.Add(GraphBuilder.Info(new Value("indices", ElementType.Int64, [-1, topK])));
        return model.ToByteArray();
    }

    /// <summary>The embedder's graph without its gallery.</summary>
    public static byte[] Without(byte[] stageOne)
    {
        var model = ModelProto.Parser.ParseFrom(stageOne);
        Strip(model.Graph);
        return model.ToByteArray();
    }

    /// <summary>
    /// Cosines [N, rows] to [N, classes, rows per class], where a class with fewer rows repeats its last; the best row of each class; the
    /// top-k classes; and their rows.
    /// </summary>
    private static void AddHits(GraphProto graph, ClassRows classRows, int topK)
    {
        var perClass = classRows.PerClass;
        Longs(graph, "gallery_class_rows", [.. classRows.Rows.Select(r => (long)r)]);
        Longs(graph, "gallery_shape", [-1, classRows.Classes, perClass]);
        Longs(graph, "gallery_top_k", [topK]);
        Longs(graph, "gallery_per_class", [perClass]);
        Add(graph, "Gather", ["gallery_cosine", "gallery_class_rows"], ["gallery_by_row"], Attributes.Int("axis", 1));
        Add(graph, "Reshape", ["gallery_by_row", "gallery_shape"], ["gallery_by_class"]);
        Add(
            graph, "ReduceMax", ["gallery_by_class"], ["gallery_best"], Attributes.Ints("axes", [2]), Attributes.Int("keepdims", 0));
        Add(
            graph, "ArgMax", ["gallery_by_class"], ["gallery_best_at"], Attributes.Int("axis", 2), Attributes.Int("keepdims", 0));
        Add(graph, "TopK", ["gallery_best", "gallery_top_k"], ["scores", "gallery_hits"]);
        Add(graph, "GatherElements", ["gallery_best_at", "gallery_hits"], ["gallery_hits_at"], Attributes.Int("axis", 1));
        Add(graph, "Mul", ["gallery_hits", "gallery_per_class"], ["gallery_hits_first"]);
        Add(graph, "Add", ["gallery_hits_first", "gallery_hits_at"], ["gallery_hits_row"]);
        Add(graph, "Gather", ["gallery_class_rows", "gallery_hits_row"], ["indices"], Attributes.Int("axis", 0));
    }

    private static void Add(GraphProto graph, string op, string[] inputs, string[] outputs, params AttributeProto[] attributes) =>
        graph.Node.Add(new NodeProto
        {
            OpType = op,
            Name = $"{Prefix}_node_{outputs[0]}",
            Input = { inputs },
            Output = { outputs },
            Attribute = { attributes },
        });

    private static void Longs(GraphProto graph, string name, long[] values) => graph.Initializer.Add(
        new TensorProto { Name = name, DataType = (int)ElementType.Int64, Dims = { values.Length }, Int64Data = { values } });

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

    /// <summary>Removes the gallery of the graph, also one that an earlier version of this program wrote.</summary>
    private static void Strip(GraphProto graph)
    {
        static bool OfGallery(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) || name is "cosine" or "top_k";
        Remove(graph.Node, n => n.Input.Concat(n.Output).Any(OfGallery));
        Remove(graph.Initializer, i => OfGallery(i.Name));
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
