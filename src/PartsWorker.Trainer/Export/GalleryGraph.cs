using System.Runtime.InteropServices;
using Google.Protobuf;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Adds the gallery to an embedder: <c>scores, indices = TopK(embedding x gallery^T)</c>. The gallery is an external file, so that enrolling a
/// part rewrites that file and leaves the network alone.
/// </summary>
internal static class GalleryGraph
{
    public const string DataFile = "gallery.data";
    private const string Gallery = "gallery";
    private const int Float = 1;
    private const int Int64 = 7;

    /// <summary>Writes the stage-one graph and its gallery file into <paramref name="folder"/>.</summary>
    /// <param name="folder">Folder of the bundle in the making.</param>
    /// <param name="embedder">A graph from <c>image</c> to <c>embedding</c>, with or without an earlier gallery.</param>
    /// <param name="rows">Unit vectors.</param>
    /// <param name="topK">Hits per image.</param>
    public static void Write(string folder, byte[] embedder, IReadOnlyList<float[]> rows, int topK)
    {
        var model = ModelProto.Parser.ParseFrom(embedder);
        Strip(model.Graph);
        model.Graph.Initializer.Add(External(rows));
        model.Graph.Initializer.Add(new TensorProto { Name = "top_k", DataType = Int64, Dims = { 1 }, Int64Data = { topK } });
        var gemm = new NodeProto { OpType = "Gemm", Name = "cosine", Input = { "embedding", Gallery }, Output = { "cosine" } };
        gemm.Attribute.Add(new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        model.Graph.Node.Add(gemm);
        model.Graph.Node.Add(new NodeProto { OpType = "TopK", Name = "nearest", Input = { "cosine", "top_k" }, Output = { "scores", "indices" } });
        model.Graph.Output.Add(Output("scores", Float, topK));
        model.Graph.Output.Add(Output("indices", Int64, topK));
        File.WriteAllBytes(Path.Combine(folder, "stage1.onnx"), model.ToByteArray());
        using var data = File.Create(Path.Combine(folder, DataFile));
        foreach (var row in rows)
            data.Write(MemoryMarshal.AsBytes(row.AsSpan()));
    }

    /// <summary>The gallery of a bundle on disk, wherever its graph keeps it.</summary>
    public static IReadOnlyList<float[]> ReadRows(string folder, byte[] stageOne)
    {
        var tensor = ModelProto.Parser.ParseFrom(stageOne).Graph.Initializer.First(i => i.Name == Gallery);
        var values = MemoryMarshal.Cast<byte, float>(Bytes(folder, tensor).AsSpan());
        var rows = new float[(int)tensor.Dims[0]][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = values.Slice(i * (int)tensor.Dims[1], (int)tensor.Dims[1]).ToArray();
        return rows;
    }

    private static byte[] Bytes(string folder, TensorProto tensor)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
            return tensor.RawData.ToByteArray();
        var entries = tensor.ExternalData.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        var file = File.ReadAllBytes(Path.Combine(folder, entries["location"]));
        var offset = entries.TryGetValue("offset", out var text) ? int.Parse(text) : 0;
        return file[offset..(offset + (int)(4 * tensor.Dims[0] * tensor.Dims[1]))];
    }

    /// <summary>Takes an earlier gallery away, so that a bundle's own graph can be given a new one.</summary>
    private static void Strip(GraphProto graph)
    {
        Remove(graph.Node, n => n.Output.Contains("scores") || n.Output.Contains("cosine") || n.Input.Contains(Gallery));
        Remove(graph.Initializer, i => i.Name is Gallery or "top_k");
        Remove(graph.Output, o => o.Name is "scores" or "indices");
    }

    private static void Remove<T>(Google.Protobuf.Collections.RepeatedField<T> list, Func<T, bool> unwanted)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (unwanted(list[i]))
                list.RemoveAt(i);
        }
    }

    private static TensorProto External(IReadOnlyList<float[]> rows)
    {
        var tensor = new TensorProto
        {
            Name = Gallery,
            DataType = Float,
            Dims = { rows.Count, rows[0].Length },
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = DataFile });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{4L * rows.Count * rows[0].Length}" });
        return tensor;
    }

    private static ValueInfoProto Output(string name, int type, int topK)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = topK });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = type, Shape = shape } } };
    }
}
