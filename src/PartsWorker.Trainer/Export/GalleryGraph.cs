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
    private const int HalfType = 10;

    /// <summary>Writes the stage-one graph and its gallery file into <paramref name="folder"/>.</summary>
    /// <param name="folder">Folder of the bundle in the making.</param>
    /// <param name="embedder">A graph from <c>image</c> to <c>embedding</c>, with or without an earlier gallery.</param>
    /// <param name="rows">Unit vectors.</param>
    /// <param name="topK">Hits per image.</param>
    /// <param name="half">Store the rows as fp16; the graph casts them back.</param>
    public static void Write(string folder, byte[] embedder, IReadOnlyList<float[]> rows, int topK, bool half)
    {
        var model = ModelProto.Parser.ParseFrom(embedder);
        Strip(model.Graph);
        model.Graph.Initializer.Add(External(rows, half));
        model.Graph.Initializer.Add(new TensorProto { Name = "top_k", DataType = Int64, Dims = { 1 }, Int64Data = { topK } });
        var gemm = new NodeProto { OpType = "Gemm", Name = "cosine", Input = { "embedding", half ? Cast(model.Graph) : Gallery }, Output = { "cosine" } };
        gemm.Attribute.Add(new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        model.Graph.Node.Add(gemm);
        model.Graph.Node.Add(new NodeProto { OpType = "TopK", Name = "nearest", Input = { "cosine", "top_k" }, Output = { "scores", "indices" } });
        model.Graph.Output.Add(Output("scores", Float, topK));
        model.Graph.Output.Add(Output("indices", Int64, topK));
        File.WriteAllBytes(Path.Combine(folder, "stage1.onnx"), model.ToByteArray());
        using var data = File.Create(Path.Combine(folder, DataFile));
        foreach (var row in rows)
            data.Write(half ? MemoryMarshal.AsBytes(Array.ConvertAll(row, x => (Half)x).AsSpan()) : MemoryMarshal.AsBytes(row.AsSpan()));
    }

    /// <summary>The gallery of a bundle on disk, wherever its graph keeps it.</summary>
    public static (IReadOnlyList<float[]> Rows, bool Half) ReadRows(string folder, byte[] stageOne)
    {
        var tensor = ModelProto.Parser.ParseFrom(stageOne).Graph.Initializer.First(i => i.Name == Gallery);
        var half = tensor.DataType == HalfType;
        var bytes = Bytes(folder, tensor, half ? 2 : 4);
        var values = half ? Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), x => (float)x) : MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        var rows = new float[(int)tensor.Dims[0]][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = values.AsSpan(i * (int)tensor.Dims[1], (int)tensor.Dims[1]).ToArray();
        return (rows, half);
    }

    private static byte[] Bytes(string folder, TensorProto tensor, int width)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
            return tensor.RawData.ToByteArray();
        var entries = tensor.ExternalData.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        var file = File.ReadAllBytes(Path.Combine(folder, entries["location"]));
        var offset = entries.TryGetValue("offset", out var text) ? int.Parse(text) : 0;
        return file[offset..(offset + (int)(width * tensor.Dims[0] * tensor.Dims[1]))];
    }

    /// <summary>Takes an earlier gallery away, so that a bundle's own graph can be given a new one.</summary>
    private static void Strip(GraphProto graph)
    {
        Remove(graph.Node, n => n.Output.Contains("scores") || n.Output.Contains("cosine") || n.Input.Contains(Gallery) || n.Input.Contains("gallery_float"));
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

    private static string Cast(GraphProto graph)
    {
        var cast = new NodeProto { OpType = "Cast", Name = "gallery_as_float", Input = { Gallery }, Output = { "gallery_float" } };
        cast.Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = Float });
        graph.Node.Add(cast);
        return "gallery_float";
    }

    private static TensorProto External(IReadOnlyList<float[]> rows, bool half)
    {
        var tensor = new TensorProto
        {
            Name = Gallery,
            DataType = half ? HalfType : Float,
            Dims = { rows.Count, rows[0].Length },
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = DataFile });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{(half ? 2L : 4L) * rows.Count * rows[0].Length}" });
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
